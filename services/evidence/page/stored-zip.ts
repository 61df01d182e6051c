/**
 * The files of a package's ZIP, for the verifier page: nothing is compressed, so that a file is a slice of it. That every
 * byte of the ZIP is as it was written is `kadun evidence verify`'s to say; here what is read is checked by hash.
 */

const END_BYTES = 22;
const END_MARK = 0x06054b50;
const ENTRY_MARK = 0x02014b50;
const LOCAL_MARK = 0x04034b50;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;

export interface ZipSource {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

export class ZipProblem extends Error {
  override readonly name = "ZipProblem";
}

interface Entry {
  readonly start: number;
  readonly size: number;
}

export class StoredZip {
  private constructor(
    private readonly source: ZipSource,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws ZipProblem. */
  static async open(source: ZipSource): Promise<StoredZip> {
    if (source.size < END_BYTES) throw new ZipProblem("文件太短，不是证据包");
    const end = await viewOf(source, source.size - END_BYTES, source.size);
    if (end.getUint32(0, true) !== END_MARK)
      throw new ZipProblem("文件结尾不是 ZIP 的结尾：可能被截断或追加");
    const [count, bytes, start] = [end.getUint16(10, true), end.getUint32(12, true), end.getUint32(16, true)];
    if (start + bytes !== source.size - END_BYTES) throw new ZipProblem("ZIP 目录的位置不对");
    const directory = await viewOf(source, start, start + bytes);
    const entries = new Map<string, Entry>();
    let [at, next] = [0, 0];
    for (let i = 0; i < count; i++) {
      if (at + ENTRY_BYTES > bytes || directory.getUint32(at, true) !== ENTRY_MARK)
        throw new ZipProblem(`ZIP 目录第 ${i + 1} 项损坏`);
      const nameBytes = directory.getUint16(at + 28, true);
      const name = textOf(new Uint8Array(directory.buffer, at + ENTRY_BYTES, nameBytes));
      if (entries.has(name)) throw new ZipProblem(`${name}：在 ZIP 中出现两次`);
      if (directory.getUint16(at + 10, true) !== 0) throw new ZipProblem(`${name}：被压缩过，不是原始证据包`);
      const entry = await localEntry(source, name, directory, at);
      // What lies between files other programs would unpack.
      if (entry.start !== next + LOCAL_BYTES + nameBytes) throw new ZipProblem(`${name}：与前一文件不相接`);
      entries.set(name, entry);
      next = entry.start + entry.size;
      at += ENTRY_BYTES + nameBytes;
    }
    if (at !== bytes || next !== start) throw new ZipProblem("ZIP 中有目录没有列出的内容");
    return new StoredZip(source, entries);
  }

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** @throws ZipProblem where it is not there. */
  async bytes(name: string): Promise<Uint8Array> {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new ZipProblem(`${name}：缺少此文件`);
    return new Uint8Array(await this.source.slice(entry.start, entry.start + entry.size).arrayBuffer());
  }

  async text(name: string): Promise<string> {
    return textOf(await this.bytes(name));
  }
}

async function localEntry(source: ZipSource, name: string, directory: DataView, at: number): Promise<Entry> {
  const [size, local] = [directory.getUint32(at + 24, true), directory.getUint32(at + 42, true)];
  const head = await viewOf(source, local, Math.min(source.size, local + LOCAL_BYTES));
  if (head.byteLength < LOCAL_BYTES || head.getUint32(0, true) !== LOCAL_MARK)
    throw new ZipProblem(`${name}：文件头损坏`);
  const start = local + LOCAL_BYTES + head.getUint16(26, true) + head.getUint16(28, true);
  if (start + size > source.size) throw new ZipProblem(`${name}：超出文件末尾`);
  return { start, size };
}

async function viewOf(source: ZipSource, start: number, end: number): Promise<DataView> {
  return new DataView(await source.slice(start, end).arrayBuffer());
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
