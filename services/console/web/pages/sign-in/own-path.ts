/** Where to go after signing in: a path of the console, never another site's. Pure. */

const HOME = "/";
/** Browsers read `//host` and `/\host` as another site. */
const OWN = /^\/(?![/\\])/;

export function ownPathOf(asked: string | null): string {
  return asked !== null && OWN.test(asked) && !asked.startsWith("/sign-in") ? asked : HOME;
}
