/**
 * The signed lines of a partition: in a file and in a topic, the same bytes in both.
 *
 * Owns: the file, what is known of the topic.
 * Does not own: the producer (one for all partitions), what lines say.
 *
 * 1. A line is in the topic before it is in the file; whatever either lacks is added when they are opened. So a line
 *    counts once the topic has it, a file that is lost is written again, and so is a topic that lost its end.
 * 2. Lines that do not follow each other are an error: two owners signed two truths, or a line was changed.
 * 3. The topic may hold a line twice (an append whose answer was lost), in the file each stands once.
 */

import { mkdir, open, readFile, truncate } from "node:fs/promises";
import { dirname } from "node:path";
import type { EventLog, LoggedRecord, LogProducer } from "../../../platform/event-log/event-log.js";
import { flushFolder } from "../../../platform/lifecycle/flush-folder.js";
import { Topic } from "../../../schemas/topics.js";
import { DayProofError } from "./day-proof-error.js";
import { follows, readSignedLine, type SignedLine } from "./signed-line.js";

export interface ProofLinesParts {
  /** With the topic of day proofs. */
  readonly log: EventLog;
  readonly producer: LogProducer;
  readonly partition: number;
  readonly path: string;
}

const PAGE = { recordsMax: 500, bytesMax: 1_000_000, waitMs: 5_000 } as const;
const APPEND_MAX = 500;
const NO_HEADER = new Uint8Array(0);
const LINE_FEED = 0x0a;

export class ProofLines {
  private readonly lines: SignedLine[] = [];
  private readonly texts = new Set<string>();

  private constructor(private readonly parts: ProofLinesParts) {}

  /** Lacks nothing of either when it resolves. @throws DayProofError FORKED, DAMAGED; EventLogError. */
  static async open(parts: ProofLinesParts): Promise<ProofLines> {
    const lines = new ProofLines(parts);
    await lines.readFile();
    const inFile = lines.lines.length;
    const inTopic = await lines.readTopic();
    await lines.publish(lines.lines.slice(inTopic));
    await lines.store(lines.lines.slice(inFile));
    return lines;
  }

  get all(): readonly SignedLine[] {
    return this.lines;
  }

  get last(): SignedLine | null {
    return this.lines.at(-1) ?? null;
  }

  /** In topic and file when it resolves. After a failure it has to be opened anew: they may be there. */
  async append(lines: readonly SignedLine[]): Promise<void> {
    for (const line of lines) this.add(line, "to be published");
    await this.publish(lines);
    await this.store(lines);
  }

  private async readFile(): Promise<void> {
    const { path } = this.parts;
    const bytes = await bytesOf(path);
    const whole = bytes.lastIndexOf(LINE_FEED) + 1;
    if (whole < bytes.length) await truncate(path, whole);
    const texts = bytes.toString("utf8", 0, whole).split("\n").slice(0, -1);
    for (const [index, text] of texts.entries()) this.addText(text, `${path}: line ${index + 1}`);
  }

  /** @returns how many lines, from the first, are in the topic. */
  private async readTopic(): Promise<number> {
    const { log, partition } = this.parts;
    const { start, end } = await log.bounds(Topic.DAY_PROOFS, partition);
    const reader = await log.reader(Topic.DAY_PROOFS, partition, start);
    let last: string | null = null;
    try {
      while (reader.position < end)
        for (const record of await reader.read(PAGE)) last = this.takeRecord(record);
    } finally {
      await reader.close();
    }
    return last === null ? 0 : this.lines.findLastIndex(({ text }) => text === last) + 1;
  }

  private takeRecord({ value, offset }: LoggedRecord): string {
    const text = Buffer.from(value.buffer, value.byteOffset, value.length).toString("utf8");
    if (!this.texts.has(text))
      this.addText(text, `${Topic.DAY_PROOFS}/${this.parts.partition}: offset ${offset}`);
    return text;
  }

  private addText(text: string, where: string): void {
    const line = readSignedLine(text);
    if (line === null)
      throw new DayProofError(
        "DAMAGED",
        `${where}: no day proof; file and topic hold the same lines: what is damaged can be removed, and is written again from the other`,
      );
    this.add(line, where);
  }

  private add(line: SignedLine, where: string): void {
    if (line.proof.partition !== this.parts.partition || !follows(line, this.last))
      throw new DayProofError(
        "FORKED",
        `${where}: does not follow the line before it (${this.last?.proof.day ?? "none"}): a line was changed or taken out, or file and topic are of two installations, or two processes made proofs of one partition`,
      );
    this.lines.push(line);
    this.texts.add(line.text);
  }

  private async publish(lines: readonly SignedLine[]): Promise<void> {
    const { producer, partition } = this.parts;
    for (let at = 0; at < lines.length; at += APPEND_MAX) {
      const entries = lines
        .slice(at, at + APPEND_MAX)
        .map(({ text }) => ({ key: "", value: Buffer.from(text), header: NO_HEADER }));
      await producer.append(partition, entries);
    }
    if (lines.length > 0) await producer.flush();
  }

  private async store(lines: readonly SignedLine[]): Promise<void> {
    if (lines.length === 0) return;
    const { path } = this.parts;
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, "a");
    try {
      await file.appendFile(lines.map(({ text }) => `${text}\n`).join(""));
      await file.sync();
    } finally {
      await file.close();
    }
    await flushFolder(path);
  }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
