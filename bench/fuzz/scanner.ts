/**
 * Differential fuzz of the scanners of platform/json against JSON.parse and the compiled schema, on messages of job
 * `swipe-5`: alone, and in place between other bytes. What a scanner accepts the schema must accept, and the slots must
 * hold the same. Seeded: the same seed finds the same again.
 */

import { ObjectScanner } from "../../platform/json/object-scanner.js";
import { SwipeGenerator } from "../swipe-5/generator.js";
import { compiledJobSwipe, type JobSwipe } from "../swipe-5/job.js";
import { FIELDS, MESSAGE_BYTES_MAX } from "../swipe-5/message.js";
import { mutilated } from "./mutations.js";
import { seeded } from "./seeded.js";

const PERSONS = 1000;
/** Where a message stands in a batch, and what a scanner may look at behind it. */
const PLACE = 32;
const ROOM = 2048;
const BEHIND = ['"', "}", "0", ",", '"}', "{", " "];
/** Each answer has to be met so often, or little was compared. */
const SHARE_MIN = 1 / 40;

/** @returns what differs, with the case's number; null where nothing does. */
export async function fuzzScanner(
  cases: number,
  seed: number,
  onCase: (done: number) => void = () => {},
): Promise<string | null> {
  const random = seeded(seed);
  const generator = new SwipeGenerator(PERSONS, { seed: seed | 1 });
  const ways = new Ways();
  for (let number = 0; number < cases; number++) {
    const message = mutilated(generator.next(), random);
    const difference = ways.compare(message, BEHIND[Math.floor(random() * BEHIND.length)]!);
    if (difference !== null)
      return `case ${number} of seed ${seed}: ${difference}: ${JSON.stringify(message.toString("latin1"))}`;
    onCase(number + 1);
  }
  const rare = Object.entries(ways.met).find(([, count]) => count < cases * SHARE_MIN);
  return rare === undefined ? null : `of ${cases} cases only ${rare[1]} are ${rare[0]}`;
}

class Ways {
  readonly met = { accepted: 0, refused: 0, leftToTheSlowWay: 0 };
  private readonly alone = new ObjectScanner(FIELDS, MESSAGE_BYTES_MAX);
  private readonly inPlace = new ObjectScanner(FIELDS, MESSAGE_BYTES_MAX);
  private readonly loaded = new ObjectScanner(FIELDS, MESSAGE_BYTES_MAX);
  private readonly batch = Buffer.alloc(PLACE + 4 * ROOM);

  compare(message: Buffer, behind: string): string | null {
    const { alone, inPlace, loaded, batch, met } = this;
    const end = PLACE + message.length;
    batch.set(message, PLACE);
    batch.write(behind, end);
    const isAccepted = alone.scan(message);
    if (inPlace.scan(batch, PLACE, end) !== isAccepted) return "taken differently alone and in place";
    const expected = expectedOf(message);
    if (!isAccepted) {
      if (expected === null) met.refused++;
      else met.leftToTheSlowWay++;
      return null;
    }
    met.accepted++;
    if (expected === null) return "accepted, though the schema refuses it";
    loaded.load(expected);
    if (!isSame(alone, loaded)) return "other values than JSON.parse gives";
    return isSame(inPlace, loaded) ? null : "other values in place than JSON.parse gives";
  }
}

/** null where the schema refuses. */
function expectedOf(message: Buffer): JobSwipe | null {
  try {
    const parsed = compiledJobSwipe.safeParse(JSON.parse(message.toString()));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Positions do not matter, contents do. */
function isSame(a: ObjectScanner, b: ObjectScanner): boolean {
  return FIELDS.every(({ kind }, field) => {
    if (kind !== "text") return Object.is(a.numbers[field], b.numbers[field]);
    const [from, to] = [a.starts[field]!, b.starts[field]!];
    const length = a.ends[field]! - from;
    if (length !== b.ends[field]! - to) return false;
    for (let i = 0; i < length; i++) if (a.view.getUint8(from + i) !== b.view.getUint8(to + i)) return false;
    return true;
  });
}
