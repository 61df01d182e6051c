/**
 * One run of the whole system in memory: clients → ingest → journal → detectors → decisions → consumers, and carriers
 * from the decisions back into the journal.
 *
 * Owns: building it, the stages of a run.
 * Does not own: the order of steps and the faults (scheduler.ts), whether the run was right (auditor.ts, fold.ts).
 *
 * 1. Faults stop when every client has its acknowledgements; then everything must come to rest by itself.
 * 2. A run that does not come to rest within `TURNS_MAX` is an error of its own.
 */

import type { EventLog } from "../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../platform/event-log/memory/memory-log-world.js";
import { MemoryKeyValue } from "../../platform/key-value/memory/memory-key-value.js";
import { MemoryStateStore } from "../../platform/state-store/memory/memory-state-store.js";
import type { StateStore } from "../../platform/state-store/state-store.js";
import { Topic } from "../../schemas/topics.js";
import type { Answer } from "../../services/detector/detector-options.js";
import { movedKeys } from "../../services/ingest/moved-persons.js";
import { Random } from "../city/random.js";
import { Answered } from "./answered.js";
import { CarrierRole } from "./carrier-role.js";
import { type Acknowledged, Clients } from "./clients.js";
import { ConsumerRole } from "./consumer-role.js";
import { DetectorRole } from "./detector-role.js";
import { type FaultRates, NO_FAULTS } from "./faults.js";
import { IngestRole } from "./ingest-role.js";
import type { Phase } from "./inputs.js";
import { MovedStore } from "./moved-store.js";
import type { Mutant } from "./mutants.js";
import { OutcomeDatabase } from "./outcome-sink.js";
import { OutlivedStateStore } from "./outlived-state-store.js";
import { Role, type RoleOptions } from "./role.js";
import { Scheduler } from "./scheduler.js";
import type { SimBundles } from "./sim-bundles.js";
import type { SimProcess } from "./sim-process.js";
import type { Trace } from "./trace.js";
import { WatchedStateWorld } from "./watched-state-world.js";

export const PARTITIONS = 3;
/** A run with many faults takes some 6,000 turns. */
const TURNS_MAX = 30_000;
/** A part that fails so often without a fault will not recover. */
const SURPRISES_MAX = 10;
/** Longer than any process waits between two turns of its loop. */
const REST_MS = 200;
/** Streams of chance that do not disturb each other. */
const Stream = { SCHEDULE: 11, CLIENTS: 12 } as const;

export interface RunOptions {
  readonly seed: number;
  readonly phases: readonly Phase[];
  readonly bundles: SimBundles;
  readonly rates: FaultRates;
  readonly mutant?: Mutant | undefined;
  /** Detectors let nobody go. */
  readonly keepsAll?: boolean | undefined;
  readonly trace?: Trace;
}

export class Simulation {
  readonly log: MemoryLogWorld;
  readonly state: WatchedStateWorld;
  readonly database = new OutcomeDatabase(PARTITIONS);
  readonly answers: Answer[] = [];
  readonly scheduler: Scheduler;
  private readonly environment: SimProcess;
  private readonly ingest: IngestRole;
  private readonly ingestRole: Role;
  private readonly detectors: readonly DetectorRole[];
  private readonly detectorRoles: readonly Role[];
  private readonly carriers: readonly CarrierRole[];
  private readonly carrierRoles: readonly Role[];
  private readonly consumerRoles: readonly Role[];
  private readonly moved = new MemoryKeyValue();
  private movedAtEnd: ReadonlyMap<string, string> = new Map();
  private readonly answered: readonly Answered[];
  private readonly clients: Clients;
  private rates: FaultRates;

  constructor(private readonly options: RunOptions) {
    const { seed, rates, mutant, bundles } = options;
    this.rates = rates;
    this.scheduler = new Scheduler(Random.derived(seed, Stream.SCHEDULE, 0), options.trace);
    this.environment = this.scheduler.process("environment");
    this.environment.isMortal = false;
    this.log = new MemoryLogWorld(
      { [Topic.JOURNAL]: PARTITIONS, [Topic.DECISIONS]: PARTITIONS },
      { clock: this.environment },
    );
    this.state = mutant?.stateWorld?.() ?? new WatchedStateWorld();
    this.scheduler.onFailover = (changes) => this.state.goBack(changes);
    const { logOf, database } = this;
    const random = Random.derived(seed, Stream.CLIENTS, 0);
    this.ingest = new IngestRole(logOf, this.movedOf, bundles.context, () => this.ingestRole.current);
    this.ingestRole = this.role(random, { name: "ingest", live: this.ingest.live, isSucceeded: true });
    this.answered = eachPartition((partition) => new Answered(partition, this.log, this.database));
    this.detectors = this.makeDetectors();
    this.detectorRoles = this.detectors.map(({ live }, partition) =>
      this.role(random, { name: `detector-${partition}`, live, isSucceeded: true }),
    );
    this.carriers = eachPartition(
      (partition) =>
        new CarrierRole(partition, { logOf, storeOf: this.movedOf, writer: mutant?.carriedWriter }),
    );
    this.carrierRoles = this.carriers.map(({ live }, partition) =>
      this.role(random, { name: `carrier-${partition}`, live, isSucceeded: true }),
    );
    const appliesRepeats = mutant?.appliesRepeats ?? false;
    this.consumerRoles = eachPartition((partition) => {
      const { live } = new ConsumerRole(partition, { logOf, database, appliesRepeats });
      return this.role(random, { name: `consumer-${partition}`, live, isSucceeded: false });
    });
    this.clients = new Clients(
      this.environment,
      random,
      this.ingest,
      () => this.rates.lose,
      () => this.isAtRest,
    );
  }

  /** The table of persons who moved, once the run is over. */
  get movedTable(): ReadonlyMap<string, string> {
    return this.movedAtEnd;
  }

  get acknowledged(): readonly Acknowledged[] {
    return this.clients.acknowledged;
  }

  /** Errors that no fault explains. */
  get surprises(): readonly unknown[] {
    return [...this.roles.flatMap(({ surprises }) => surprises), ...this.clients.surprises];
  }

  /** Runs to the end: everything sent, judged, consumed, stored, and stopped. */
  async run(): Promise<void> {
    for (const role of this.roles) role.start();
    this.scheduler.begin(this.rates);
    let isSent = false;
    void this.clients.send(this.options.phases).then(() => {
      isSent = true;
    });
    await this.until("all is acknowledged", () => isSent);
    this.rates = NO_FAULTS;
    this.scheduler.calm();
    await this.untilAtRest();
    for (const role of this.roles) role.retireZombies();
    // Who has nothing to write does not learn that the store went back; whoever opens next brings it up to date.
    for (const role of this.detectorRoles) role.replace();
    await this.untilAtRest();
    for (const role of [this.ingestRole, ...this.carrierRoles, ...this.detectorRoles]) role.stop();
    await this.until("detectors stopped", () => this.detectorRoles.every((role) => role.hasStopped));
    await this.until("the rest is consumed", () => this.isConsumed);
    for (const role of this.consumerRoles) role.stop();
    await this.until("consumers stopped", () => this.consumerRoles.every((role) => role.hasStopped));
    this.movedAtEnd = (await movedKeys(this.moved)).keys;
  }

  private get roles(): readonly Role[] {
    return [this.ingestRole, ...this.detectorRoles, ...this.carrierRoles, ...this.consumerRoles];
  }

  /** Everything is judged, carried and consumed and stays so: an error of before shows in a process's next turn. */
  private async untilAtRest(): Promise<void> {
    let sinceMs = Number.POSITIVE_INFINITY;
    await this.until("all is judged and consumed", () => {
      const { nowMs } = this.scheduler;
      sinceMs = this.isAtRest ? Math.min(sinceMs, nowMs) : Number.POSITIVE_INFINITY;
      return nowMs - sinceMs >= REST_MS;
    });
  }

  private get isAtRest(): boolean {
    if (this.scheduler.hasWritesUnderWay) return false;
    const isJudged = this.detectors.every(
      (detector, partition) =>
        detector.judgedOffset(this.detectorRoles[partition]!.current) ===
        this.log.bounds(Topic.JOURNAL, partition).end - 1,
    );
    return isJudged && this.isCarried && this.isConsumed && this.isAnswered;
  }

  /** A detector whose append failed may not know it yet. */
  private get isAnswered(): boolean {
    return this.answered.every(({ isUpToDate }) => isUpToDate);
  }

  private get isCarried(): boolean {
    return this.carriers.every(
      (carrier, partition) =>
        carrier.nextOffset(this.carrierRoles[partition]!.current) ===
        this.log.bounds(Topic.DECISIONS, partition).end,
    );
  }

  private get isConsumed(): boolean {
    return eachPartition(
      (partition) => this.database.nextOffset(partition) === this.log.bounds(Topic.DECISIONS, partition).end,
    ).every(Boolean);
  }

  private async until(what: string, isReached: () => boolean): Promise<void> {
    for (let turns = 0; turns < TURNS_MAX; turns++) {
      await this.scheduler.idle();
      if (isReached()) return;
      if (this.surprises.length > SURPRISES_MAX)
        throw new Error(`errors again and again, and not yet: ${what}`);
      this.scheduler.turn();
    }
    throw new Error(`${TURNS_MAX} turns and not yet: ${what}`);
  }

  private makeDetectors(): readonly DetectorRole[] {
    const parts = {
      logOf: this.logOf,
      storeOf: this.storeOf,
      bundles: this.options.bundles.shelf,
      onAnswer: (answer: Answer) => void this.answers.push(answer),
      keepsAll: this.options.keepsAll === true,
    };
    return eachPartition((partition) => new DetectorRole(partition, parts));
  }

  private role(random: Random, options: RoleOptions): Role {
    return new Role(this.scheduler, this.environment, random, options);
  }

  private readonly logOf = (process: SimProcess): EventLog => {
    const log = new MemoryEventLog(this.log, { clock: process, pace: process.logPace });
    return this.options.mutant?.log?.(log) ?? log;
  };

  private readonly movedOf = (process: SimProcess): MovedStore => new MovedStore(this.moved, process);

  private readonly storeOf = (process: SimProcess): StateStore => {
    const store = new OutlivedStateStore(
      new MemoryStateStore(this.state, { pace: process.statePace }),
      this.state,
      this.options.rates.failover > 0,
    );
    return this.options.mutant?.store?.(store) ?? store;
  };
}

function eachPartition<Each>(make: (partition: number) => Each): readonly Each[] {
  return Array.from({ length: PARTITIONS }, (_, partition) => make(partition));
}
