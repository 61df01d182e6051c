/** A package's files on the disk, as any program unpacks them. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ZipReader } from "../../../services/evidence/bag/zip-reader.js";

export async function unpack(path: string, folder: string): Promise<void> {
  const zip = await ZipReader.open(path);
  try {
    for (const name of zip.names) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), await contentOf(zip, name));
    }
  } finally {
    await zip.close();
  }
}

/** Of a file whose name ends like this. */
export async function packed(path: string, end: string): Promise<string> {
  const zip = await ZipReader.open(path);
  try {
    const name = zip.names.find((each) => each.endsWith(end));
    if (name === undefined) throw new Error(`${path}: holds no ${end}`);
    return (await contentOf(zip, name)).toString("utf8");
  } finally {
    await zip.close();
  }
}

async function contentOf(zip: ZipReader, name: string): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zip.content(name)) pieces.push(piece);
  return Buffer.concat(pieces);
}
