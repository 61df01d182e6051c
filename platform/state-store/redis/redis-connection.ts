/**
 * One connection to a Redis that sends a command until it is answered or its time is over.
 *
 * Owns: the library's client, reconnecting, retries. Does not own: what a command means.
 *
 * 1. Every command may be carried out more than once, and late: after a cut or a timeout it is sent again by us, never by
 *    the library. Only commands for which that is the same as once are given to it (reads, and writes with a number).
 * 2. A command that timed out gives its connection up: what else waits there would wait too.
 * 3. No error of the library leaves without its command's arguments taken off (redis-errors.ts).
 * 4. After `close` nothing is left running, whatever the server does.
 */

import { Redis } from "ioredis";
import type { Clock } from "../../clock/clock.js";
import { systemClock } from "../../clock/system-clock.js";
import { type Logger, silentLogger } from "../../logger/logger.js";
import { StateStoreError } from "../state-store.js";
import { clientOptions } from "./client-options.js";
import { type EncodedCommand, LibraryCommand } from "./encoded-command.js";
import { failureOf, isDenied, mayPass, type RedisFailure, stateStoreErrorOf } from "./redis-errors.js";
import {
  describeAddress,
  RETRY_FOR_DEFAULT_MS,
  type RedisAddress,
  type RedisStateStoreSettings,
} from "./redis-options.js";
import type { StateScript } from "./state-scripts.js";

const RETRY_MS_FIRST = 20;
const RETRY_MS_MAX = 500;

export type RedisArgument = string | Buffer;

export type RedisCommand =
  | EncodedCommand
  | { readonly command: string; readonly args: readonly RedisArgument[] };

/** A script and what it is told. */
export interface ScriptCall {
  readonly script: StateScript;
  readonly keys: readonly string[];
  readonly args: readonly RedisArgument[];
}

export class RedisConnection {
  private readonly client: Redis;
  private readonly clock: Clock;
  private readonly logger: Logger;
  private readonly retryForMs: number;
  private readonly closing = new AbortController();
  /** Why there is no connection now. */
  private trouble: RedisFailure | null = null;
  /** Aborted when there is a connection again: what waits is sent at once. */
  private isBack = new AbortController();

  private constructor(
    readonly address: RedisAddress,
    settings: RedisStateStoreSettings,
  ) {
    this.clock = settings.clock ?? systemClock;
    this.logger = settings.logger ?? silentLogger;
    this.retryForMs = settings.retryForMs ?? RETRY_FOR_DEFAULT_MS;
    this.client = new Redis(clientOptions(address, settings));
    this.client.on("error", (error: unknown) => this.noteTrouble(failureOf(error)));
    this.client.on("ready", () => this.noteReady());
    this.client.on("close", () =>
      this.noteTrouble({ kind: "connection", text: "the connection was closed" }),
    );
  }

  /** @throws StateStoreError UNREACHABLE, NOT_AUTHORIZED. */
  static async open(address: RedisAddress, settings: RedisStateStoreSettings): Promise<RedisConnection> {
    const connection = new RedisConnection(address, settings);
    try {
      await connection.client.connect();
    } catch (error) {
      await connection.close();
      throw connection.openingError(failureOf(error));
    }
    return connection;
  }

  get server(): string {
    return describeAddress(this.address);
  }

  /**
   * Sends the commands one behind the other over one connection, again all of them when one was not answered.
   * @param doing in messages: "put to partition 3".
   * @returns their replies: Buffers, null, numbers and lists of them. @throws StateStoreError.
   */
  async call(doing: string, commands: readonly RedisCommand[]): Promise<readonly unknown[]> {
    const { replies } = await this.callOrRefusal(doing, commands, null);
    return replies;
  }

  /** @throws StateStoreError. */
  async run(doing: string, call: ScriptCall): Promise<readonly unknown[]> {
    const replies = await this.callScripts(doing, (how) => [scriptCommand(call, how)]);
    return listOf(replies[0], this.server, doing);
  }

  /**
   * A script, a command and a script as one transaction: nothing of anybody else comes between them.
   * @returns what the second script answers. @throws StateStoreError, not for the command's own refusal.
   */
  async transact(
    doing: string,
    open: ScriptCall,
    command: RedisCommand,
    close: ScriptCall,
  ): Promise<readonly unknown[]> {
    const replies = await this.callScripts(doing, (how) => [
      { command: "MULTI", args: [] },
      scriptCommand(open, how),
      command,
      scriptCommand(close, how),
      { command: "EXEC", args: [] },
    ]);
    return listOf(listOf(replies.at(-1), this.server, doing)[2], this.server, doing);
  }

  /** Commands under way fail. Idempotent. */
  async close(): Promise<void> {
    this.closing.abort();
    this.client.disconnect();
  }

  /** A server that was restarted, or another one, knows the scripts after it was told their text. */
  private async callScripts(
    doing: string,
    commands: (how: "sha" | "lua") => readonly RedisCommand[],
  ): Promise<readonly unknown[]> {
    let answer = await this.callOrRefusal(doing, commands("sha"), "NOSCRIPT");
    if (answer.isRefused) answer = await this.callOrRefusal(doing, commands("lua"), null);
    return answer.replies;
  }

  /** @param refusal the server's word that the caller has an answer to. */
  private async callOrRefusal(
    doing: string,
    commands: readonly RedisCommand[],
    refusal: string | null,
  ): Promise<Answer> {
    const until = this.clock.now() + this.retryForMs;
    for (let waitMs = RETRY_MS_FIRST; ; waitMs = Math.min(RETRY_MS_MAX, waitMs * 2)) {
      if (this.closing.signal.aborted) throw closedError();
      const outcome = await this.once(commands);
      if (!("kind" in outcome)) return outcome;
      if (outcome.kind === "reply" && outcome.code === refusal) return { replies: [], isRefused: true };
      if (this.closing.signal.aborted) throw closedError();
      if (!mayPass(outcome) || this.clock.now() + waitMs > until)
        throw stateStoreErrorOf(this.explained(outcome), this.server, doing);
      await this.waitToRetry(waitMs);
    }
  }

  private async waitToRetry(ms: number): Promise<void> {
    const isConnected = this.client.status === "ready";
    const { signal } = this.closing;
    const wakes = isConnected ? signal : AbortSignal.any([signal, this.isBack.signal]);
    await this.clock.sleep(ms, wakes);
  }

  private async once(commands: readonly RedisCommand[]): Promise<Answer | RedisFailure> {
    const { stream } = this.client;
    try {
      const replies = await Promise.all(this.send(commands));
      const refusal = refusalWithin(replies.at(-1));
      return refusal === null ? { replies, isRefused: false } : failureOf(refusal);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === "timeout" && stream === this.client.stream) stream.destroy();
      // The address may lead to the new master by now.
      if (failure.kind === "reply" && failure.code === "READONLY" && stream === this.client.stream)
        stream.destroy();
      return failure;
    }
  }

  /** Behind each other and at once: in as few packets as there can be. */
  private send(commands: readonly RedisCommand[]): readonly Promise<unknown>[] {
    // None while there is no connection, whatever the library's types say.
    const stream: typeof this.client.stream | undefined = this.client.stream;
    stream?.cork();
    try {
      return commands.map((each) => {
        if (!("encoded" in each)) return this.client.callBuffer(each.command, [...each.args]);
        const command = new LibraryCommand(each);
        this.client.sendCommand(command);
        return command.promise;
      });
    } finally {
      stream?.uncork();
    }
  }

  /** The library says "not writeable"; why is known from before. */
  private explained(failure: RedisFailure): RedisFailure {
    return failure.kind === "connection" && this.trouble !== null ? this.trouble : failure;
  }

  private openingError(failure: RedisFailure): StateStoreError {
    const why = this.explained(failure);
    if (isDenied(why)) return stateStoreErrorOf(why, this.server, "connect");
    const tls = this.address.tls === null ? "without TLS" : "with TLS";
    return new StateStoreError(
      "UNREACHABLE",
      `Redis ${this.server}: no connection, ${tls} (${why.text}); is the address right, does the server run, does it speak ${this.address.tls === null ? "plain" : "TLS"} on this port, is its certificate trusted?`,
      { retryable: true, cause: new Error(why.text) },
    );
  }

  private noteTrouble(failure: RedisFailure): void {
    if (this.closing.signal.aborted) return;
    if (this.trouble === null)
      this.logger.warn("state-store.away", { code: failure.kind === "reply" ? failure.code : failure.kind });
    // What "close" tells is less than the error before it.
    if (this.trouble === null || failure.text !== "the connection was closed") this.trouble = failure;
  }

  private noteReady(): void {
    if (this.trouble !== null) this.logger.info("state-store.back");
    this.trouble = null;
    this.isBack.abort();
    this.isBack = new AbortController();
  }
}

interface Answer {
  readonly replies: readonly unknown[];
  readonly isRefused: boolean;
}

function scriptCommand({ script, keys, args }: ScriptCall, how: "sha" | "lua"): RedisCommand {
  return {
    command: how === "sha" ? "EVALSHA" : "EVAL",
    args: [script[how], String(keys.length), ...keys, ...args],
  };
}

/** A script's within a transaction, the first or the last of it: what lies between them is for the last to look at. */
function refusalWithin(reply: unknown): Error | null {
  if (!Array.isArray(reply)) return null;
  return [reply[0], reply.at(-1)].find((each): each is Error => each instanceof Error) ?? null;
}

export function closedError(): StateStoreError {
  return new StateStoreError("CLOSED", "the state store is closed");
}

/** @throws StateStoreError FAILED: something else than Redis answers. */
export function listOf(reply: unknown, server: string, doing: string): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new StateStoreError(
    "FAILED",
    `Redis ${server}: ${doing}: the answer is not a list; is this a Redis, without a proxy that changes answers?`,
  );
}
