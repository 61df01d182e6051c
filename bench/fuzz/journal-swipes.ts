/**
 * Differential fuzz of swipes read where they lie and decisions written as bytes (services/detector/swipe-bytes) against
 * JSON.parse, the schema, and outcomes as objects. What the scanner takes the schema must take, it must be written again as
 * it was, and two partitions, one judging bytes and one objects, must say the same and keep the same. Seeded.
 */

import { loadBundle } from "../../cli/bundle-files.js";
import { crc32c } from "../../platform/checksum/crc32c.js";
import { viewOf } from "../../platform/event-log/packed-entries.js";
import { type CanonicalSwipe, JOURNAL_SCHEMAS } from "../../schemas/journal.js";
import { encodeBody } from "../../schemas/log-body.js";
import { keyWordsOf, Partition } from "../../services/detector/partition.js";
import { DecisionWriter } from "../../services/detector/swipe-bytes/decision-writer.js";
import { SwipeBytes } from "../../services/detector/swipe-bytes/swipe-bytes.js";
import { loggedOutcomesOf } from "../../services/detector/taken.js";
import { anySwipe, PERSON_KEYS } from "./any-swipe.js";
import { mutilated } from "./mutations.js";
import { seeded } from "./seeded.js";

/** Where a record stands among others, and what stands behind it. */
const PLACE = 32;
const ROOM = 8192;
const BEHIND = ['"', "}", "0", ",", '"}', "{", " "];
/** Each answer has to be met so often, or little was compared. */
const SHARE_MIN = 1 / 40;
const FIRST_MS = Date.UTC(2026, 2, 1);
const APART_MS = 20_000;

/** @returns what differs, with the case's number; null where nothing does. */
export async function fuzzJournalSwipes(
  cases: number,
  seed: number,
  onCase: (done: number) => void = () => {},
): Promise<string | null> {
  const random = seeded(seed);
  const ways = new Ways();
  for (let number = 0; number < cases; number++) {
    const atMs = FIRST_MS + number * APART_MS;
    const swipe = anySwipe(random, atMs);
    const json = random() < 0.5 ? Buffer.from(JSON.stringify(swipe)) : mutilated(swipe, random);
    const difference = ways.compare(json, BEHIND[Math.floor(random() * BEHIND.length)]!, number, atMs);
    if (difference !== null)
      return `case ${number} of seed ${seed}: ${difference}: ${JSON.stringify(json.toString("latin1"))}`;
    onCase(number + 1);
  }
  const rare = Object.entries(ways.met).find(([, count]) => count < cases * SHARE_MIN);
  return rare === undefined ? ways.keptDiffers() : `of ${cases} cases only ${rare[1]} are ${rare[0]}`;
}

class Ways {
  readonly met = { accepted: 0, refused: 0, leftToTheSlowWay: 0, decidedWithReasons: 0 };
  private readonly swipe = new SwipeBytes();
  private readonly writer = new DecisionWriter();
  private readonly batch = Buffer.alloc(PLACE + ROOM);
  private readonly source = { bytes: this.batch, view: viewOf(this.batch) };
  private readonly ofBytes: Partition;
  private readonly ofObjects: Partition;

  constructor() {
    const { bundle } = loadBundle();
    this.ofBytes = new Partition(bundle);
    this.ofObjects = new Partition(bundle);
  }

  compare(json: Buffer, behind: string, offset: number, atMs: number): string | null {
    const { batch, met } = this;
    const end = PLACE + json.length;
    batch.set(json, PLACE);
    batch.write(behind, end);
    const expected = expectedOf(json);
    if (!this.swipe.scan(this.source, PLACE, end)) {
      if (expected === null) met.refused++;
      else met.leftToTheSlowWay++;
      return null;
    }
    met.accepted++;
    if (expected === null) return "accepted, though the schema refuses it";
    if (JSON.stringify(expected) !== json.toString()) return "accepted, though it would be written otherwise";
    return isRefund(expected) && expected.originalEventId === undefined
      ? null
      : this.compareOutcomes(expected, offset, atMs);
  }

  private compareOutcomes(record: CanonicalSwipe, offset: number, atMs: number): string | null {
    const { swipe } = this;
    const objects = loggedOutcomesOf(record, this.ofObjects.take(record, offset, atMs));
    const taken = this.ofBytes.takeSwipe(swipe, swipe.personWords, offset, atMs);
    const written = "decided" in taken ? [this.written(taken)] : loggedOutcomesOf(swipe, taken).map(bodyOf);
    if ("decided" in taken && taken.decided.findings.length > 0) this.met.decidedWithReasons++;
    const expected = objects.map(bodyOf);
    const isSame =
      written.length === expected.length && written.every((body, i) => body.equals(expected[i]!));
    return isSame ? null : `written ${written.map(String)}, expected ${expected.map(String)}`;
  }

  private written(decided: Parameters<DecisionWriter["write"]>[0]): Buffer {
    this.writer.write(decided, this.swipe);
    return Buffer.from(this.writer.source.bytes.subarray(this.writer.start, this.writer.end));
  }

  /** After all cases: what the two partitions keep of the persons. */
  keptDiffers(): string | null {
    const person = PERSON_KEYS.find((key) => {
      if (!this.ofObjects.knows(keyWordsOf(key))) return false;
      return !Buffer.from(this.ofBytes.personBytesOf(key)).equals(this.ofObjects.personBytesOf(key));
    });
    return person === undefined ? null : `the records of person ${person} differ`;
  }
}

/** Ingest refuses one that does not say of what. */
function isRefund({ kind }: CanonicalSwipe): boolean {
  return kind === "cancel" || kind === "reverse";
}

function bodyOf(outcome: Parameters<typeof encodeBody>[0]): Buffer {
  return Buffer.from(encodeBody(outcome, crc32c));
}

/** null where the schema refuses, or another type comes. Unknown fields stay: nobody has dropped them. */
function expectedOf(json: Buffer): CanonicalSwipe | null {
  try {
    const parsed = JSON.parse(json.toString());
    return parsed.type === "swipe" && JOURNAL_SCHEMAS.swipe.safeParse(parsed).success ? parsed : null;
  } catch {
    return null;
  }
}
