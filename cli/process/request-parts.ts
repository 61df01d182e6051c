/** What the office's and the console's HTTP servers do with every request. */

import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** null where it is larger; the rest is read and dropped, so that the answer arrives. */
export async function bodyWithin(request: IncomingMessage, bytesMax: number): Promise<Buffer | null> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += (piece as Buffer).length;
    if (bytes <= bytesMax) pieces.push(piece as Buffer);
  }
  return bytes > bytesMax ? null : Buffer.concat(pieces);
}

/** Is it this key? Takes as long whatever was given. @param authorization the header. */
export function isBearer(authorization: string | undefined, key: string): boolean {
  const [given, wanted] = [authorization ?? "", `Bearer ${key}`].map((text) =>
    createHash("sha256").update(text).digest(),
  );
  return timingSafeEqual(given!, wanted!);
}
