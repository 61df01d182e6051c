/**
 * The ZIP of a package, byte by byte: nothing is compressed, so that every byte follows from names and contents (docs/evidence.md).
 * APPNOTE.TXT 6.3: method 0, names in UTF-8, times 1980-01-01, no extra fields, no comments, no ZIP64. Pure.
 */

export const ENTRIES_MAX = 0xfffe;
/** Offsets have 32 bits, and the last one stands for ZIP64. */
export const BYTES_MAX = 0xffff_fffe;
export const NAME_BYTES_MAX = 1_024;

const LOCAL_MARK = 0x04034b50;
const ENTRY_MARK = 0x02014b50;
const END_MARK = 0x06054b50;
export const LOCAL_BYTES = 30;
export const ENTRY_BYTES = 46;
export const END_BYTES = 22;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1980-01-01, the first day that ZIP knows. */
const DATE = 0x0021;

export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  /** Of its local header. */
  readonly offset: number;
}

export function localHeader({ name, size, crc32 }: Omit<ZipEntry, "offset">): Buffer {
  const nameBytes = Buffer.from(name, "utf8");
  const bytes = Buffer.alloc(LOCAL_BYTES + nameBytes.length);
  bytes.writeUInt32LE(LOCAL_MARK, 0);
  writeCommon(bytes, 4, { size, crc32, nameBytes: nameBytes.length });
  nameBytes.copy(bytes, LOCAL_BYTES);
  return bytes;
}

export function directoryEntry({ name, size, crc32, offset }: ZipEntry): Buffer {
  const nameBytes = Buffer.from(name, "utf8");
  const bytes = Buffer.alloc(ENTRY_BYTES + nameBytes.length);
  bytes.writeUInt32LE(ENTRY_MARK, 0);
  bytes.writeUInt16LE(VERSION, 4);
  writeCommon(bytes, 6, { size, crc32, nameBytes: nameBytes.length });
  bytes.writeUInt32LE(offset, 42);
  nameBytes.copy(bytes, ENTRY_BYTES);
  return bytes;
}

/** Version, flags, method, time, date, CRC-32, both sizes, lengths of name and extra field: the same in both headers. */
function writeCommon(
  bytes: Buffer,
  at: number,
  { size, crc32, nameBytes }: { readonly size: number; readonly crc32: number; readonly nameBytes: number },
): void {
  bytes.writeUInt16LE(VERSION, at);
  bytes.writeUInt16LE(UTF8_NAMES, at + 2);
  bytes.writeUInt16LE(DATE, at + 8);
  bytes.writeUInt32LE(crc32, at + 10);
  bytes.writeUInt32LE(size, at + 14);
  bytes.writeUInt32LE(size, at + 18);
  bytes.writeUInt16LE(nameBytes, at + 22);
}

export function endRecord(count: number, directoryAt: number, directoryBytes: number): Buffer {
  const bytes = Buffer.alloc(END_BYTES);
  bytes.writeUInt32LE(END_MARK, 0);
  bytes.writeUInt16LE(count, 8);
  bytes.writeUInt16LE(count, 10);
  bytes.writeUInt32LE(directoryBytes, 12);
  bytes.writeUInt32LE(directoryAt, 16);
  return bytes;
}

/** What the directory says of an entry; null where its bytes are none. */
export function readDirectoryEntry(bytes: Buffer, at: number): ZipEntry | null {
  if (at + ENTRY_BYTES > bytes.length || bytes.readUInt32LE(at) !== ENTRY_MARK) return null;
  const nameEnd = at + ENTRY_BYTES + bytes.readUInt16LE(at + 28);
  if (nameEnd > bytes.length) return null;
  return {
    name: bytes.toString("utf8", at + ENTRY_BYTES, nameEnd),
    size: bytes.readUInt32LE(at + 24),
    crc32: bytes.readUInt32LE(at + 16),
    offset: bytes.readUInt32LE(at + 42),
  };
}

export function isEndRecord(bytes: Buffer): boolean {
  return bytes.length === END_BYTES && bytes.readUInt32LE(0) === END_MARK;
}

/** Why a name may not be in a package; null where it may. Unpacking it must not reach outside of its folder, on any system. */
export function nameProblem(name: string): string | null {
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) return `a name of more than ${NAME_BYTES_MAX} bytes`;
  if (!/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(name))
    return "a name of other characters than letters, digits, '.', '_', '-' and '/' between them";
  if (name.split("/").some((part) => part === "." || part === ".."))
    return "a name that leads out of its folder";
  return null;
}

/** In the order in which entries stand. */
export function byNameBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
