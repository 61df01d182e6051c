/**
 * A TCP proxy that fails as networks do: cuts, stops in one direction, is slow. Seeded: the same seed gives the same
 * delays.
 *
 * 1. Bytes of one direction of one connection keep their order, whatever the delay.
 * 2. Cut connections end with a reset on both sides, and nothing that was held back is passed on afterwards.
 */

import { EventEmitter, once } from "node:events";
import net, { type AddressInfo, type Socket } from "node:net";
import { seededRandom } from "../oracle/scenario-random.js";

export type Direction = "toServer" | "toClient";

/** Sees one connection's bytes before they are passed on. */
export interface ConnectionWatch {
  /** "cut": these bytes and all later ones are lost, the connection is reset. */
  see(direction: Direction, bytes: Buffer): "pass" | "cut";
}

export interface TcpProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** A free one unless given. */
  readonly port?: number;
  readonly seed?: number;
  readonly watch?: () => ConnectionWatch;
}

const HOST = "127.0.0.1";

export class TcpProxy {
  readonly host = HOST;
  private readonly connections = new Set<ProxiedConnection>();
  private readonly paused = new Set<Direction>();
  private readonly random: () => number;
  private delayMs: { readonly min: number; readonly max: number } | null = null;
  private readonly changed = new EventEmitter();
  private readonly late: ProxiedConnection[] = [];
  private isRefusing = false;
  private isKeepingLate = false;
  /** Connections cut so far, by `cut` and by the watch. */
  cuts = 0;

  private constructor(
    private readonly server: net.Server,
    private readonly options: TcpProxyOptions,
  ) {
    this.random = seededRandom(options.seed ?? 1).next;
    server.on("connection", (client) => this.accept(client));
  }

  static async open(options: TcpProxyOptions): Promise<TcpProxy> {
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(options.port ?? 0, HOST, resolve);
    });
    return new TcpProxy(server, options);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get connectionCount(): number {
    return this.connections.size;
  }

  /** Resets all connections; new ones are taken. Returns how many there were. */
  cut(): number {
    const open = [...this.connections];
    for (const connection of open) connection.cut();
    return open.length;
  }

  /** Takes the direction's bytes but keeps them, until `resume`. */
  pause(direction: Direction): void {
    this.paused.add(direction);
  }

  resume(direction: Direction): void {
    this.paused.delete(direction);
    for (const connection of this.connections) connection.resume(direction);
  }

  /**
   * What a client had sent when its connection ended and the direction to the server was paused: it stays in the
   * network until `deliverLate`.
   */
  keepLate(keeps: boolean): void {
    this.isKeepingLate = keeps;
  }

  /** Resolves when something stays in the network. */
  async untilLate(): Promise<void> {
    while (this.late.length === 0) await once(this.changed, "late");
  }

  /** Gives servers what had stayed in the network; resolves with it, by connection, when they have answered. */
  async deliverLate(): Promise<readonly Buffer[]> {
    const late = this.late.splice(0);
    return Promise.all(late.map((connection) => connection.deliverLate()));
  }

  /** From now on bytes wait so long in both directions; null for not at all. */
  delay(range: { readonly min: number; readonly max: number } | null): void {
    this.delayMs = range;
  }

  /** New connections are reset at once, until `takeAgain`. */
  refuse(): void {
    this.isRefusing = true;
  }

  takeAgain(): void {
    this.isRefusing = false;
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.cut();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(client: Socket): void {
    if (this.isRefusing) {
      reset(client);
      return;
    }
    const connection = new ProxiedConnection(client, net.connect(this.options.target), {
      watch: this.options.watch?.() ?? null,
      isPaused: (direction) => this.paused.has(direction),
      nextDelayMs: () => this.nextDelayMs(),
      onCut: () => this.cuts++,
      isKept: () => this.isKeepingLate && this.paused.has("toServer"),
      onKept: () => {
        this.late.push(connection);
        this.changed.emit("late");
      },
      onEnd: () => this.connections.delete(connection),
    });
    this.connections.add(connection);
  }

  private nextDelayMs(): number {
    if (this.delayMs === null) return 0;
    const { min, max } = this.delayMs;
    return min + this.random() * (max - min);
  }
}

interface ConnectionRules {
  readonly watch: ConnectionWatch | null;
  readonly isPaused: (direction: Direction) => boolean;
  readonly nextDelayMs: () => number;
  readonly onCut: () => void;
  /** Asked when the client has ended its connection. */
  readonly isKept: () => boolean;
  readonly onKept: () => void;
  readonly onEnd: () => void;
}

class ProxiedConnection {
  private readonly held: Record<Direction, Buffer[]> = { toServer: [], toClient: [] };
  private readonly timers = new Map<Direction, NodeJS.Timeout>();
  private hasEnded = false;
  /** Its client has gone; what it had sent is still on its way. */
  private isLate = false;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    private readonly rules: ConnectionRules,
  ) {
    for (const socket of [client, server]) socket.setNoDelay(true).on("error", () => {});
    client.on("close", () => this.endOfClient());
    server.on("close", () => this.end());
    client.on("data", (bytes: Buffer) => this.take("toServer", bytes));
    server.on("data", (bytes: Buffer) => this.take("toClient", bytes));
  }

  cut(): void {
    if (this.hasEnded) return;
    this.rules.onCut();
    this.end();
  }

  resume(direction: Direction): void {
    this.passOn(direction);
  }

  async deliverLate(): Promise<Buffer> {
    const bytes = Buffer.concat(this.held.toServer.splice(0));
    const answered = Promise.race([once(this.server, "data"), once(this.server, "close")]);
    this.server.write(bytes);
    await answered;
    this.end();
    return bytes;
  }

  private endOfClient(): void {
    const isKept = !this.hasEnded && this.held.toServer.length > 0 && this.rules.isKept();
    this.isLate ||= isKept;
    if (isKept) this.rules.onKept();
    else if (!this.isLate) this.end();
  }

  private take(direction: Direction, bytes: Buffer): void {
    if (this.hasEnded) return;
    if (this.rules.watch?.see(direction, bytes) === "cut") {
      this.cut();
      return;
    }
    this.held[direction].push(bytes);
    this.passOn(direction);
  }

  private passOn(direction: Direction): void {
    if (this.hasEnded || this.isLate || this.timers.has(direction)) return;
    const held = this.held[direction];
    while (held.length > 0 && !this.rules.isPaused(direction)) {
      const delayMs = this.rules.nextDelayMs();
      if (delayMs > 0) {
        this.passOnLater(direction, delayMs);
        return;
      }
      this.receiver(direction).write(held.shift()!);
    }
  }

  private passOnLater(direction: Direction, delayMs: number): void {
    const timer = setTimeout(() => {
      this.timers.delete(direction);
      const bytes = this.rules.isPaused(direction) ? undefined : this.held[direction].shift();
      if (bytes !== undefined) this.receiver(direction).write(bytes);
      this.passOn(direction);
    }, delayMs);
    this.timers.set(direction, timer);
  }

  private receiver(direction: Direction): Socket {
    return direction === "toServer" ? this.server : this.client;
  }

  private end(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    for (const timer of this.timers.values()) clearTimeout(timer);
    reset(this.client);
    reset(this.server);
    this.rules.onEnd();
  }
}

/**
 * With RST where the socket can still be reset. One that is ending cannot (libuv refuses while it shuts down), and Node 20
 * takes the refusal for a close: the handle stays, and the process spins for ever when it ends.
 */
function reset(socket: Socket): void {
  if (socket.writableEnded || socket.destroyed) socket.destroy();
  else socket.resetAndDestroy();
}
