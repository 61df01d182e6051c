/** An answer that is sent bit by bit: a table as a file, events as they happen. */

export class StreamedAnswer {
  constructor(
    readonly contentType: string,
    /** A failure in between cuts the answer off: whoever reads it sees that it is not whole. */
    readonly chunks: AsyncIterable<string>,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** Saved under this name, in ASCII for old programs. */
export function fileHeaders(name: string): Readonly<Record<string, string>> {
  const ascii = name.replaceAll(/[^\w.-]/g, "_");
  return {
    "content-disposition": `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    "cache-control": "no-store",
  };
}
