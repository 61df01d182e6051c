/** Runs one task of a plan, in whatever process: reads the work folder, leaves one result in it. */

import type { EventLog } from "../../platform/event-log/event-log.js";
import type { JournalRecord } from "../../schemas/journal.js";
import type { CanonicalContext } from "../../services/ingest/canonicalise.js";
import { ALL_ZERO_KEY, Tokeniser } from "../../services/ingest/tokens.js";
import { readKey } from "../replay.js";
import { judgedStretch, laneStart } from "./checkpoint-start.js";
import { movedKeysOf } from "./history-facts.js";
import { judgeMoved } from "./judge-moved.js";
import { judgePartition } from "./judge-partition.js";
import { judgeSlice, type SpilledRange } from "./judge-slice.js";
import type { FilesHistory, JournalHistory, Plan } from "./plan.js";
import { Purpose } from "./purpose.js";
import { scanPartition } from "./scan-partition.js";
import { scanRange } from "./scan-range.js";
import { spillRange, spillShape } from "./spill-range.js";
import { nameOf, type Task } from "./tasks.js";
import type { WorkFolder } from "./work-folder.js";

export interface TaskContext {
  readonly folder: WorkFolder;
  readonly plan: Plan;
  /** The same for all tasks of a process. */
  readonly openLog: (history: JournalHistory) => Promise<EventLog>;
  /** So many records more were passed. */
  readonly onRecords: (count: number) => void;
  readonly signal: AbortSignal;
}

/** @throws whatever reading and judging throw; the signal's reason. */
export async function runTask(task: Task, context: TaskContext): Promise<void> {
  const { history } = context.plan;
  const result =
    history.from === "journal"
      ? await journalTask(task, history, context)
      : await filesTask(task, history, context);
  context.folder.writeResult(nameOf(task), result);
}

async function journalTask(task: Task, history: JournalHistory, context: TaskContext): Promise<unknown> {
  const { onRecords, signal, folder } = context;
  const log = await context.openLog(history);
  const stretches = history.stretches.map((stretch, partition) => ({ partition, ...stretch }));
  switch (task.kind) {
    case "scan-partition":
      return scanPartition(log, stretches[task.partition]!, onRecords, signal);
    case "judge-partition": {
      const facts = folder.facts();
      const moved = movedKeysOf(facts);
      const purpose = new Purpose(context.plan, facts, folder.bundles);
      const isTaken = (key: string) => partOf(key, history.parts) === task.part && !moved.has(key);
      const start = await laneStart(history, task.partition, isTaken);
      const stretch = judgedStretch(history, stretches[task.partition]!);
      await judgePartition(log, stretch, isTaken, purpose.parts(), onRecords, signal, start);
      return purpose.result();
    }
    case "judge-moved": {
      const facts = folder.facts();
      const purpose = new Purpose(context.plan, facts, folder.bundles);
      const judged = stretches.map((stretch) => judgedStretch(history, stretch));
      const moved = movedKeysOf(facts);
      const startOf = (partition: number) => laneStart(history, partition, (key) => moved.has(key));
      await judgeMoved(log, judged, moved, () => purpose.parts(), onRecords, signal, startOf);
      return purpose.result();
    }
    default:
      throw new Error(`${task.kind}: no task of a journal`);
  }
}

async function filesTask(task: Task, history: FilesHistory, context: TaskContext): Promise<unknown> {
  const { folder, onRecords, signal, plan } = context;
  switch (task.kind) {
    case "scan-range":
      return scanRange(
        history.ranges[task.range]!,
        { context: canonicalContext(history, folder), wantsTimes: plan.isLastDay },
        onRecords,
        signal,
      );
    case "spill-range": {
      const moved = movedKeysOf(folder.facts());
      const options = {
        context: canonicalContext(history, folder),
        segmentCount: history.slices + 1,
        segmentOf: (record: JournalRecord) => segmentOf(record, history.slices, moved),
        path: folder.spillPath(task.range),
      };
      return spillRange(history.ranges[task.range]!, options, onRecords, signal);
    }
    case "judge-slice": {
      const purpose = new Purpose(plan, folder.facts(), folder.bundles);
      await judgeSlice(spilledRanges(history, folder), task.slice, purpose.parts(), onRecords, signal);
      return purpose.result();
    }
    default:
      throw new Error(`${task.kind}: no task of files`);
  }
}

/** Persons who move lie together behind the other slices; what concerns all lies everywhere. */
function segmentOf(record: JournalRecord, slices: number, moved: ReadonlySet<string>): number | null {
  if (!("personKey" in record)) return null;
  return moved.has(record.personKey) ? slices : partOf(record.personKey, slices);
}

/** Persons in parts of about the same size: other digits than a partition is chosen by would be no better. */
function partOf(personKey: string, parts: number): number {
  return parts === 1 ? 0 : Number.parseInt(personKey.slice(-8), 16) % parts;
}

function* spilledRanges(history: FilesHistory, folder: WorkFolder): Generator<SpilledRange> {
  let firstLine = 1;
  for (const range of history.ranges.keys()) {
    const spill = spillShape.parse(folder.result(nameOf({ kind: "spill-range", range, firstLine })));
    yield { path: folder.spillPath(range), spill, firstLine };
    firstLine += linesOf(folder, range);
  }
}

export function linesOf(folder: WorkFolder, range: number): number {
  const scanned = folder.result(nameOf({ kind: "scan-range", range }));
  return (scanned as { readonly lines: number }).lines;
}

function canonicalContext({ keyFile, drugsOf }: FilesHistory, folder: WorkFolder): CanonicalContext {
  const loaded = folder.bundles.whole(drugsOf);
  if (loaded === null) throw new Error(`bundle ${drugsOf} is not in the work folder`);
  return { tokens: new Tokeniser(keyFile === null ? ALL_ZERO_KEY : readKey(keyFile)), drugs: loaded.drugs };
}
