/**
 * The networks' side of a run: every lane has one event under way at a time and sends it again until it is
 * acknowledged, to whichever ingest listens then.
 */

import type { PartitionRecordEvent } from "../../schemas/journal.js";
import type { RawRecord } from "../../schemas/raw.js";
import type { JournalPosition } from "../../services/ingest/journal-writer.js";
import type { Random } from "../city/random.js";
import type { IngestRole } from "./ingest-role.js";
import type { Phase } from "./inputs.js";
import type { SimProcess } from "./sim-process.js";

const TIME_LIMIT_MS = 150;
/** Longer together than any process waits between two turns of its loop. */
const REST_TURNS = 10;
const REST_TURN_MS = 20;
const RETRY_MS = { min: 1, max: 80 } as const;
const ANSWER_ADDRESS_BYTES = 12;
const NO_HEADER = new Uint8Array(0);

/** A record that somebody was told is accepted. */
export interface Acknowledged {
  readonly raw: RawRecord;
  readonly position: JournalPosition;
}

export class Clients {
  readonly acknowledged: Acknowledged[] = [];
  /** The generator's mistakes. */
  readonly surprises: unknown[] = [];

  constructor(
    private readonly process: SimProcess,
    private readonly random: Random,
    private readonly ingest: IngestRole,
    /** Share of acknowledgements lost on their way back. */
    private readonly lossShare: () => number,
    /** Is nothing under way any more? */
    private readonly isAtRest: () => boolean,
  ) {}

  async send(phases: readonly Phase[]): Promise<void> {
    for (const { partitionRecords, lanes, isAlone } of phases) {
      if (isAlone) await this.rest();
      for (const record of partitionRecords) await this.deliverToAll(record);
      await Promise.all(lanes.map((records) => this.sendInOrder(records)));
      if (!isAlone) continue;
      await this.rest();
      await this.until(() => this.ingest.hearOfMoves());
    }
  }

  /** Waits until everything is at rest and stays so for a while. */
  private async rest(): Promise<void> {
    for (let turns = 0; turns < REST_TURNS; turns = this.isAtRest() ? turns + 1 : 0)
      await this.process.sleep(REST_TURN_MS);
  }

  private async sendInOrder(records: readonly RawRecord[]): Promise<void> {
    for (const raw of records) {
      const header = this.random.chance(0.5) ? this.answerAddress() : NO_HEADER;
      const position = await this.until(() => this.ingest.take(raw, header));
      this.acknowledged.push({ raw, position });
    }
  }

  private async deliverToAll(record: PartitionRecordEvent): Promise<void> {
    await this.until(() => this.ingest.takeForAll(record));
  }

  private async until<Result>(request: () => Promise<Result>): Promise<Result> {
    for (;;) {
      const answer = await this.attempt(request);
      if (answer !== null) return answer.result;
      await this.process.sleep(this.random.whole(RETRY_MS.min, RETRY_MS.max));
    }
  }

  /** null where there was no answer in time, a refusal or an error. */
  private async attempt<Result>(request: () => Promise<Result>): Promise<{ result: Result } | null> {
    await this.process.point("net.request");
    const timeLimit = new AbortController();
    const answer = await Promise.race([
      request().then(
        (result) => ({ result }),
        (error) => {
          if (error instanceof TypeError) this.surprises.push(error);
          return null;
        },
      ),
      this.process.sleep(TIME_LIMIT_MS, timeLimit.signal).then(() => null),
    ]);
    timeLimit.abort("answered");
    await this.process.point("net.response");
    return this.random.chance(this.lossShare()) ? null : answer;
  }

  private answerAddress(): Uint8Array {
    return Uint8Array.from({ length: ANSWER_ADDRESS_BYTES }, () => this.random.whole(0, 255));
  }
}
