/**
 * Rounds of two loads on the same detectors, one without sinks and one while they run; who begins changes with each round.
 * What a load without sinks left for them is written before the next one begins.
 */

import { systemClock } from "../../platform/clock/system-clock.js";
import { openPostgresDatabase } from "../../platform/database/postgres/postgres-database.js";
import type { EventLog } from "../../platform/event-log/event-log.js";
import { openKafkaEventLog } from "../../platform/event-log/kafka/kafka-event-log.js";
import { silentLogger } from "../../platform/logger/logger.js";
import { type Load, machineMs } from "../end-to-end/load.js";
import { LoadChild } from "../end-to-end/load-child.js";
import { turnOrder } from "../end-to-end/rounds.js";
import { limitIdleGroup } from "../load/idle-group.js";
import { Decided } from "./decided.js";
import { findingsOf } from "./findings.js";
import type { GeneratorOrder } from "./generator-process.js";
import { shoppersOf } from "./journal-stream.js";
import { Kadun, PARTITIONS, sinkCpuSeconds } from "./kadun.js";
import type { SinksOptions } from "./options.js";
import { type LoadFigures, pacedLoad } from "./paced-load.js";
import type { SinkServers } from "./servers.js";
import { storedAlerts } from "./stored-alerts.js";

export const SIDES = ["without", "with"] as const;
export type Side = (typeof SIDES)[number];

/** After a load with sinks. */
export interface CaughtUp {
  /** From the last swipe due until all of it is written. */
  readonly seconds: number;
  /** Processor time of sinks and their databases for a swipe, from the first one of the load until all is written. */
  readonly sinkCpuUs: number;
  /** Of the run so far. */
  readonly outcomeRows: number;
  readonly alerts: number;
  readonly sms: number;
}

export interface Round {
  readonly without: LoadFigures;
  readonly with: LoadFigures;
  readonly caughtUp: CaughtUp;
}

export interface SinksResult {
  readonly rounds: readonly Round[];
  /** What is lost or wrong. */
  readonly findings: readonly string[];
}

/** So many swipes show that everything is up: all partitions have some of them. */
const FIRST_LOAD = { ratePerSecond: 200, warmUpSeconds: 0, seconds: 3, patienceMs: 120_000 };
/** Broker and detectors have their code compiled by then; later loads wait for that of the sinks, which have just started. */
const FIRST_WARM_UP_SECONDS = 20;
const WARM_UP_SECONDS = 10;
/** A detector that does not keep up decides what waits within it; more is lost. */
const PATIENCE_MS = 60_000;

export interface SinksRun {
  readonly servers: SinkServers;
  readonly folder: string;
  readonly options: SinksOptions;
  readonly progress: (text: string) => void;
}

/** @throws Error where something ends, or does not catch up in time. */
export async function measureSinks(run: SinksRun): Promise<SinksResult> {
  const { servers, folder, options } = run;
  const kadun = await Kadun.start(servers, folder, options.standing);
  const log = await openKafkaEventLog({
    brokers: servers.environment.KADUN_KAFKA_BROKERS!.split(","),
    clientId: "bench-sinks",
    tls: null,
    sasl: null,
    clock: systemClock,
    logger: silentLogger,
  });
  try {
    return await Promise.race([new Rounds(run, kadun, log).measure(), kadun.failure]);
  } finally {
    await log.close();
    await kadun.stop();
  }
}

class Rounds {
  private readonly findings: string[] = [];
  private readonly decided: Decided;
  private loads = 0;
  private swipes = 0;

  constructor(
    private readonly run: SinksRun,
    private readonly kadun: Kadun,
    log: EventLog,
  ) {
    this.decided = new Decided(log);
  }

  async measure(): Promise<SinksResult> {
    const { options } = this.run;
    const children = await this.startChildren();
    try {
      await this.load(children, FIRST_LOAD);
      const rounds: Round[] = [];
      for (let number = 0; number < options.rounds; number++) rounds.push(await this.round(children, number));
      return { rounds, findings: this.findings };
    } finally {
      await Promise.all([children.generator.close(), children.observer.close()]);
    }
  }

  private async startChildren() {
    const { servers, options } = this.run;
    const brokers = servers.environment.KADUN_KAFKA_BROKERS!;
    const order: GeneratorOrder = {
      brokers,
      postgresUrl: servers.environment.KADUN_POSTGRES_URL!,
      vaultKeyFile: this.kadun.vaultKeyFile,
      persons: options.persons,
      shoppers: shoppersOf(options.ratePerSecond * options.seconds),
      partitions: PARTITIONS,
      seed: options.seed,
    };
    const observer = await LoadChild.start("observer", [brokers], import.meta.url);
    const generator = await LoadChild.start("generator", [JSON.stringify(order)], import.meta.url);
    return { generator, observer };
  }

  private async round(children: Children, number: number): Promise<Round> {
    const figures = new Map<Side, LoadFigures>();
    let caughtUp: CaughtUp | null = null;
    for (const side of turnOrder(SIDES, number)) {
      this.run.progress(`round ${number + 1}, ${side} sinks`);
      if (side === "without") figures.set(side, await this.withoutSinks(children));
      else {
        const measured = await this.withSinks(children);
        figures.set(side, measured.figures);
        caughtUp = measured.caughtUp;
      }
    }
    return { without: figures.get("without")!, with: figures.get("with")!, caughtUp: caughtUp! };
  }

  private async withoutSinks(children: Children): Promise<LoadFigures> {
    await this.kadun.stopSinks();
    return this.load(children, this.measured());
  }

  private async withSinks(children: Children) {
    await this.kadun.startSinks();
    await this.catchUp();
    const before = this.kadun.usages();
    const figures = await this.limited(() => this.load(children, this.measured()));
    await this.catchUp();
    const seconds = (machineMs() - figures.endMs) / 1000;
    const sinkCpuUs = (sinkCpuSeconds(before, this.kadun.usages()) / swipesOf(figures)) * 1e6;
    return { figures, caughtUp: { seconds, sinkCpuUs, ...(await this.check()) } };
  }

  /** Between loads nobody waits: the sinks may write what is left as quickly as they can. */
  private async limited<Result>(work: () => Promise<Result>): Promise<Result> {
    const { quotaPercent } = this.run.options;
    if (quotaPercent === null) return work();
    limitIdleGroup(quotaPercent);
    try {
      return await work();
    } finally {
      limitIdleGroup(null);
    }
  }

  private measured(): Omit<Load, "number" | "seed"> {
    const { ratePerSecond, seconds } = this.run.options;
    const warmUpSeconds = this.loads === 1 ? FIRST_WARM_UP_SECONDS : WARM_UP_SECONDS;
    return { ratePerSecond, seconds, warmUpSeconds, patienceMs: PATIENCE_MS };
  }

  private async load(children: Children, load: Omit<Load, "number" | "seed">): Promise<LoadFigures> {
    const number = this.loads++;
    const figures = await pacedLoad(this.kadun, children, {
      ...load,
      number,
      seed: this.run.options.seed,
    });
    const { unanswered } = figures.observed;
    this.swipes += swipesOf(figures);
    if (unanswered > 0) this.findings.push(`${unanswered} swipes of load ${number} had no decision in time`);
    await this.kadun.judged();
    return figures;
  }

  private async catchUp(): Promise<void> {
    const { catchUpSeconds } = this.run.options;
    try {
      await this.kadun.caughtUp(AbortSignal.timeout(catchUpSeconds * 1000));
    } catch (error) {
      const lag = JSON.stringify(await this.kadun.lag());
      throw new Error(`the sinks have not caught up within ${catchUpSeconds} s: ${lag}`, { cause: error });
    }
  }

  private async check(): Promise<Omit<CaughtUp, "seconds" | "sinkCpuUs">> {
    const { decided, kadun, swipes } = this;
    await decided.readOn();
    const reconciliation = await kadun.reconciled(this.run.options.catchUpSeconds);
    const { alertIds: storedAlertIds, smsByStatus } = await this.stored();
    const { outcomes, alertIds } = decided;
    const smsWritten = kadun.smsWritten();
    const logged = { outcomes, alertIds, ...decided.against(swipes) };
    this.findings.push(
      ...findingsOf({ swipes, ...logged, reconciliation, storedAlertIds, smsByStatus, smsWritten }),
    );
    return { outcomeRows: outcomes, alerts: storedAlertIds.size, sms: smsWritten };
  }

  private async stored() {
    const database = await openPostgresDatabase({ url: this.run.servers.environment.KADUN_POSTGRES_URL! });
    try {
      return await storedAlerts(database);
    } finally {
      await database.close();
    }
  }
}

/** Of the whole load, warm-up included. */
function swipesOf({ observed }: LoadFigures): number {
  return observed.count + observed.unanswered;
}

interface Children {
  readonly generator: LoadChild;
  readonly observer: LoadChild;
}
