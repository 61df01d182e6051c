/**
 * One uploaded file, read from the wire: never more of it than an appeal takes.
 *
 * 1. Whoever says beforehand that it is too large is answered at once; of what comes all the same LINGER_BYTES_MAX are thrown
 *    away unread, so that browsers, which read the answer only when they have sent all, get to see it. Then the line is cut.
 * 2. At most UPLOADS_AT_ONCE_MAX are in memory at once, and OF_ONE_AT_ONCE_MAX of one person: who sends slowly keeps no other out.
 */

import type { FastifyRequest } from "fastify";
import { DOCUMENT_BYTES_MAX } from "../../../../schemas/appeal.js";

/** Fields and borders beside the file. */
const AROUND_BYTES_MAX = 64 << 10;
const LINGER_BYTES_MAX = 64 << 20;
/** A file of 10 MiB, and what a PDF unpacks to beside it: some 400 MB in all. */
const UPLOADS_AT_ONCE_MAX = 8;
/** The button pressed twice. */
const OF_ONE_AT_ONCE_MAX = 2;
const FIELDS_MAX = 8;
const FIELD_BYTES_MAX = 1024;

export type Upload =
  | {
      readonly kind: "file";
      readonly fields: URLSearchParams;
      readonly name: string;
      readonly content: Buffer;
    }
  | { readonly kind: "no-file"; readonly fields: URLSearchParams }
  | { readonly kind: "too-large" }
  | { readonly kind: "busy" };

export class Uploads {
  /** personKey of each. */
  private readonly underWay: string[] = [];

  async read(request: FastifyRequest, personKey: string): Promise<Upload> {
    const ofOne = this.underWay.filter((one) => one === personKey).length;
    const isBusy = this.underWay.length >= UPLOADS_AT_ONCE_MAX || ofOne >= OF_ONE_AT_ONCE_MAX;
    if (isBusy || Number(request.headers["content-length"] ?? 0) > DOCUMENT_BYTES_MAX + AROUND_BYTES_MAX) {
      throwAway(request);
      return { kind: isBusy ? "busy" : "too-large" };
    }
    this.underWay.push(personKey);
    try {
      return await readParts(request);
    } finally {
      this.underWay.splice(this.underWay.indexOf(personKey), 1);
    }
  }
}

async function readParts(request: FastifyRequest): Promise<Upload> {
  const fields = new URLSearchParams();
  let file: { name: string; content: Buffer } | null = null;
  cutAfter(request, LINGER_BYTES_MAX);
  const limits = { fileSize: DOCUMENT_BYTES_MAX, files: 1, fields: FIELDS_MAX, fieldSize: FIELD_BYTES_MAX };
  for await (const part of request.parts({ limits })) {
    if (part.type === "field") {
      fields.append(part.fieldname, String(part.value));
      continue;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of part.file) chunks.push(chunk as Buffer);
    if (part.file.truncated) {
      throwAway(request);
      return { kind: "too-large" };
    }
    file = { name: part.filename, content: Buffer.concat(chunks) };
  }
  const isThere = file !== null && (file.name !== "" || file.content.length > 0);
  return file !== null && isThere ? { kind: "file", fields, ...file } : { kind: "no-file", fields };
}

function throwAway(request: FastifyRequest): void {
  cutAfter(request, LINGER_BYTES_MAX);
  request.raw.resume();
}

function cutAfter({ raw }: FastifyRequest, bytesMax: number): void {
  const before = raw.socket.bytesRead;
  raw.on("data", () => {
    if (raw.socket.bytesRead - before > bytesMax) raw.socket.destroy();
  });
  // Listening makes it flow: whoever reads it begins that.
  raw.pause();
}

const NAME_LENGTH_MAX = 64;

/** Control and direction signs: `gpj.exe` written backwards would look like a photograph. */
const UNSHOWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** For people to recognise it; it is never a path. */
export function shownName(name: string): string {
  const last = name.split(/[\\/]/).at(-1) ?? "";
  const plain = last.replace(UNSHOWN, "").trim();
  return Array.from(plain).slice(0, NAME_LENGTH_MAX).join("") || "未命名";
}
