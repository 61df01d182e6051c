/** `--data DIR`, the same for every command that concerns an embedded Kadun. */

export const DATA_DEFAULT = "kadun-data";

/** Option, else KADUN_DATA, else the default; an empty string is unset. */
export function dataDirectoryOf(option: string | undefined): string {
  return [option, process.env.KADUN_DATA].find((each) => each !== undefined && each !== "") ?? DATA_DEFAULT;
}
