/** Where two JSON values differ first: `reasons[0].facts.totalFen: archived 100, judged 200`. */

type Json = unknown;

/** null where they are equal. */
export function firstDifference(archived: Json, judged: Json, path = ""): string | null {
  if (!isBranch(archived) || !isBranch(judged) || Array.isArray(archived) !== Array.isArray(judged))
    return Object.is(archived, judged) ? null : leafText(path, archived, judged);
  for (const name of new Set([...Object.keys(archived), ...Object.keys(judged)])) {
    const below = Array.isArray(archived) ? `${path}[${name}]` : path === "" ? name : `${path}.${name}`;
    const found = firstDifference(valueAt(archived, name), valueAt(judged, name), below);
    if (found !== null) return found;
  }
  return null;
}

function valueAt(branch: object, name: string): Json {
  return Object.getOwnPropertyDescriptor(branch, name)?.value;
}

function isBranch(value: Json): value is object {
  return typeof value === "object" && value !== null;
}

function leafText(path: string, archived: Json, judged: Json): string {
  return `${path || "(all of it)"}: archived ${textOf(archived)}, judged ${textOf(judged)}`;
}

const SHOWN_MAX = 200;

function textOf(value: Json): string {
  const text = value === undefined ? "(absent)" : JSON.stringify(value);
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
