/** The end of a switch that names every case. */
export function assertNever(value: never): never {
  throw new TypeError(`a case that no branch knows: ${JSON.stringify(value)}`);
}
