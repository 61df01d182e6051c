/** Files as people and others send them, made byte by byte. */

import { deflateSync } from "node:zlib";

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

/** The structure of a photograph; its pixels are noise. */
export function jpeg(
  of: { width?: number; height?: number; comment?: string; behind?: Buffer } = {},
): Buffer {
  const frame = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  frame.writeUInt16BE(of.height ?? 48, 1);
  frame.writeUInt16BE(of.width ?? 64, 3);
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from("JFIF\0\x01\x01\0\0\x01\0\x01\0\0", "latin1")),
    ...(of.comment === undefined ? [] : [segment(0xfe, Buffer.from(of.comment, "latin1"))]),
    segment(0xc0, frame),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56]),
    Buffer.from([0xff, 0xd9]),
    of.behind ?? Buffer.alloc(0),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? 0xedb88320 ^ (crc >>> 1) : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A grey image that browsers show; with other sides than 4 × 4 only its header says so. */
export function png(of: { width?: number; height?: number; text?: string; behind?: Buffer } = {}): Buffer {
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0]);
  header.writeUInt32BE(of.width ?? 4, 0);
  header.writeUInt32BE(of.height ?? 4, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    ...(of.text === undefined ? [] : [chunk("tEXt", Buffer.from(`Comment\0${of.text}`, "latin1"))]),
    chunk("IDAT", deflateSync(Buffer.alloc(4 * 5, 0x80))),
    chunk("IEND", Buffer.alloc(0)),
    of.behind ?? Buffer.alloc(0),
  ]);
}

/** One empty page, and further objects. */
export function pdf(objects: readonly (string | Buffer)[] = [], behind = ""): Buffer {
  const all = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
    ...objects,
  ];
  return Buffer.concat([
    Buffer.from("%PDF-1.7\n"),
    ...all.map((object, i) =>
      Buffer.concat([Buffer.from(`${i + 1} 0 obj\n`), Buffer.from(object), Buffer.from("\nendobj\n")]),
    ),
    Buffer.from(`trailer << /Root 1 0 R /Size ${all.length + 1} >>\nstartxref\n0\n%%EOF\n${behind}`),
  ]);
}

export function stream(dictionary: string, data: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from("\nendstream"),
  ]);
}

export function packed(content: Buffer | string): Buffer {
  return deflateSync(content);
}

/** An archive with nothing in it but its end. */
export function zip(): Buffer {
  return Buffer.concat([Buffer.from("PK\x05\x06", "latin1"), Buffer.alloc(18)]);
}

/** What a ZIP bomb begins with: the body does not matter to whoever does not unpack. */
export function zipBomb(): Buffer {
  return Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), deflateSync(Buffer.alloc(1 << 24)), zip()]);
}
