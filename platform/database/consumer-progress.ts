/**
 * Where consumers of a log stand in each partition: rows of `consumer_progress` in the database that they fill, written in the
 * transaction of the batch.
 *
 * 1. `lock` orders the consumers of one partition, also where there is no row yet: the second waits for the first's transaction
 *    and then reads what that stored.
 */

import { Kysely, type QueryExecutorProvider, sql } from "kysely";
import type { Progress } from "../event-log/consume-once.js";
import type { OpenDatabase } from "./database.js";

/** The columns that hold a mark, all null before the first record. */
export interface MarkColumns<Mark> {
  readonly names: readonly string[];
  /** In the order of the names. */
  readonly numbersOf: (mark: Mark) => readonly number[];
  readonly markOf: (numbers: readonly number[]) => Mark;
}

export interface StoredConsumer<Mark> {
  readonly consumer: string;
  readonly partition: number;
  readonly progress: Progress<Mark>;
}

type ProgressRow = { readonly next_offset: number } & Readonly<Record<string, number | null>>;

export class ConsumerProgress<Mark> {
  /** @param consumer its name in the table, and in locks. */
  constructor(
    readonly consumer: string,
    private readonly marks: MarkColumns<Mark>,
  ) {}

  /** Until the transaction ends, another consumer of the partition waits here. */
  async lock(trx: QueryExecutorProvider, partition: number): Promise<Progress<Mark> | null> {
    await sql`select pg_advisory_xact_lock(hashtext(${this.consumer}), ${partition}::integer)`.execute(trx);
    return this.stored(trx, partition);
  }

  async stored(database: QueryExecutorProvider, partition: number): Promise<Progress<Mark> | null> {
    const { rows } = await sql<ProgressRow>`
      select next_offset, ${columns(this.marks)} from consumer_progress
      where consumer = ${this.consumer} and partition = ${partition}`.execute(database);
    return rows[0] === undefined ? null : progressOf(rows[0], this.marks);
  }

  async store(trx: QueryExecutorProvider, partition: number, progress: Progress<Mark>): Promise<void> {
    const { nextOffset, highWater } = progress;
    const { names } = this.marks;
    const numbers = highWater === null ? names.map(() => null) : this.marks.numbersOf(highWater);
    const excluded = names.map((name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`);
    await sql`
      insert into consumer_progress (consumer, partition, next_offset, ${columns(this.marks)})
      values (${this.consumer}, ${partition}, ${nextOffset}, ${sql.join(numbers)})
      on conflict (consumer, partition) do update set
        next_offset = excluded.next_offset, ${sql.join(excluded)}`.execute(trx);
  }

  /** It begins anew in every partition. */
  async forget(trx: QueryExecutorProvider): Promise<void> {
    await sql`delete from consumer_progress where consumer = ${this.consumer}`.execute(trx);
  }
}

/** Of every consumer that stores where it stands in this database. */
export async function consumersProgress<Mark>(
  { dialect }: OpenDatabase,
  marks: MarkColumns<Mark>,
): Promise<readonly StoredConsumer<Mark>[]> {
  const { rows } = await sql<ProgressRow & { readonly consumer: string; readonly partition: number }>`
    select consumer, partition, next_offset, ${columns(marks)} from consumer_progress`.execute(
    new Kysely({ dialect }),
  );
  return rows.map((row) => ({
    consumer: row.consumer,
    partition: row.partition,
    progress: progressOf(row, marks),
  }));
}

function columns<Mark>({ names }: MarkColumns<Mark>) {
  return sql.join(names.map((name) => sql.ref(name)));
}

function progressOf<Mark>(row: ProgressRow, { names, markOf }: MarkColumns<Mark>): Progress<Mark> {
  const numbers = names.flatMap((name) => row[name] ?? []);
  return { nextOffset: row.next_offset, highWater: numbers.length < names.length ? null : markOf(numbers) };
}
