/**
 * Judges the persons who moved between keys, through all partitions at once: what is handed on in one is taken in in
 * another, so that the order between partitions matters here.
 *
 * 1. A state is taken in only after its sender's partition was judged up to where it was handed on, as it was live: the
 *    carrier appended it after that.
 * 2. Where nothing can go on (the stretch of the sender's partition ends before), the journal's own state is taken.
 */

import type { EventLog, LoggedRecord } from "../../platform/event-log/event-log.js";
import type { CanonicalPersonState } from "../../schemas/journal.js";
import { decodeJournalBody } from "../../schemas/log-body.js";
import { partitionOf } from "../../schemas/topics.js";
import { pagesOf, type Stretch } from "./journal-pages.js";
import { type JudgingParts, type LaneStart, PartitionLane } from "./judge-partition.js";

interface MovingLane {
  readonly partition: number;
  readonly lane: PartitionLane;
  readonly pages: AsyncGenerator<readonly LoggedRecord[]>;
  page: readonly LoggedRecord[];
  next: number;
  judgedOffset: number;
  isOver: boolean;
}

export async function judgeMoved(
  log: EventLog,
  stretches: readonly Stretch[],
  moved: ReadonlySet<string>,
  partsOf: (partition: number) => JudgingParts,
  onRecords: (count: number) => void,
  signal: AbortSignal,
  startOf: (partition: number) => Promise<LaneStart | null> = async () => null,
): Promise<void> {
  const starts = await Promise.all(stretches.map(({ partition }) => startOf(partition)));
  const lanes = stretches.map(
    (stretch, index): MovingLane => ({
      partition: stretch.partition,
      lane: new PartitionLane(
        stretch.partition,
        (key) => moved.has(key),
        partsOf(stretch.partition),
        starts[index]!,
      ),
      pages: pagesOf(log, stretch, signal),
      page: [],
      next: 0,
      judgedOffset: stretch.start - 1,
      isOver: false,
    }),
  );
  const hasCause = ({ fromPersonKey, fromOffset }: CanonicalPersonState) => {
    const sender = lanes[partitionOf(fromPersonKey, lanes.length)];
    return sender === undefined || sender.judgedOffset >= fromOffset;
  };
  try {
    while (lanes.some(({ isOver }) => !isOver)) {
      let taken = 0;
      for (const lane of lanes) taken += await advance(lane, hasCause, onRecords);
      if (taken > 0) continue;
      const stuck = lanes.find(({ isOver }) => !isOver);
      if (stuck !== undefined) takeNext(stuck);
    }
  } finally {
    await Promise.all(lanes.map(({ pages }) => pages.return(undefined)));
  }
}

/** As far as it goes, one page at most. @returns records passed. */
async function advance(
  lane: MovingLane,
  hasCause: (state: CanonicalPersonState) => boolean,
  onRecords: (count: number) => void,
): Promise<number> {
  if (lane.isOver) return 0;
  if (lane.next === lane.page.length) {
    const { value, done } = await lane.pages.next();
    if (done === true) {
      lane.isOver = true;
      return 1;
    }
    lane.page = value;
    lane.next = 0;
    onRecords(value.length);
  }
  let taken = 0;
  for (let logged = lane.page[lane.next]; logged !== undefined; logged = lane.page[lane.next]) {
    const state = stateOf(logged);
    if (state !== null && !hasCause(state)) break;
    takeNext(lane);
    taken++;
  }
  return taken;
}

function takeNext(lane: MovingLane): void {
  const logged = lane.page[lane.next++]!;
  lane.lane.take(logged);
  lane.judgedOffset = logged.offset;
}

const STATE_HEAD = Buffer.from('{"type":"person-state"');
/** Behind version and checksum of a body. */
const HEAD_OFFSET = 5;

function stateOf({ value }: LoggedRecord): CanonicalPersonState | null {
  if (!STATE_HEAD.equals(value.subarray(HEAD_OFFSET, HEAD_OFFSET + STATE_HEAD.length))) return null;
  const record = decodeJournalBody(value);
  return record.type === "person-state" ? record : null;
}
