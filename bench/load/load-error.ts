/** The Kadun under load does not do its part: not started, not answering, standing still. The message says which. */
export class LoadError extends Error {
  override readonly name: string = "LoadError";
}
