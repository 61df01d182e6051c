/**
 * Looks at an LMDB file before LMDB does: on a file that is none, or one cut short, the library does not fail but ends
 * the process with a signal (segmentation fault, bus error), without a word.
 *
 * Owns: nothing. Catches other files, files of another LMDB format, and files that end before their newest root pages or
 * well before their last page. Damage in the middle of a file is not seen here.
 *
 * Shared by the LMDB adapters of three ports, which do not import each other; knows the file format, not the library.
 */

import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

const MAGIC = 0xbeefc0de;
const FORMAT = 2;
/** Two meta pages of 4,096 bytes begin a file; larger pages only make the second one lie further behind. */
const HEAD_BYTES = 8192;
/** Pages allocated and given back in one transaction are counted but never written: 4 MiB of them are forgiven. */
const UNWRITTEN_PAGES_MAX = 1024;
/** Root of a tree without pages. */
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

interface MetaPage {
  readonly pageBytes: number;
  readonly transaction: bigint;
  readonly roots: readonly bigint[];
  readonly lastPage: bigint;
}

/** What is wrong with the file, null where nothing is (a missing or empty file is a new one). */
export function dataFileFault(file: string): string | null {
  if (!existsSync(file)) return null;
  const descriptor = openSync(file, "r");
  try {
    const { size } = fstatSync(descriptor);
    if (size === 0) return null;
    if (size < HEAD_BYTES) return `it has ${size} bytes, less than the two pages every LMDB file begins with`;
    const head = Buffer.alloc(HEAD_BYTES);
    readSync(descriptor, head, 0, HEAD_BYTES, 0);
    return headFault(head, size);
  } finally {
    closeSync(descriptor);
  }
}

function headFault(head: Buffer, size: number): string | null {
  const first = readMeta(head, 0);
  if (typeof first === "string") return first;
  const second = first.pageBytes * 2 <= head.length ? readMeta(head, first.pageBytes) : first;
  if (typeof second === "string") return second;
  const newest = second.transaction > first.transaction ? second : first;
  const pages = BigInt(Math.floor(size / newest.pageBytes));
  const isCut = newest.roots.some((root) => root !== NO_PAGE && root >= pages);
  if (isCut || newest.lastPage >= pages + BigInt(UNWRITTEN_PAGES_MAX))
    return `it is cut short: ${pages} pages are there, its content reaches to page ${newest.lastPage}`;
  return null;
}

/** Page header (24 bytes), magic, format, address, map size, two trees of 48 bytes, last page, transaction. */
function readMeta(head: Buffer, page: number): MetaPage | string {
  const at = page + 24;
  if (head.readUInt32LE(at) !== MAGIC) return "it is not an LMDB file";
  const format = head.readUInt32LE(at + 4) & 0xffff;
  if (format !== FORMAT) return `it is an LMDB file of format ${format}; ${FORMAT} is known`;
  return {
    pageBytes: head.readUInt32LE(at + 24),
    roots: [head.readBigUInt64LE(at + 24 + 40), head.readBigUInt64LE(at + 72 + 40)],
    lastPage: head.readBigUInt64LE(at + 120),
    transaction: head.readBigUInt64LE(at + 128),
  };
}
