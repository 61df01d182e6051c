/**
 * The address of a Redis, with a server behind it that can be restarted and exchanged: what a failover looks like from
 * a client's side.
 *
 * Owns: the servers, the address. Does not own: anything that is stored.
 */

import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { type RedisServer, startRedis } from "../support/servers/redis-server.js";
import { TcpProxy } from "../support/tcp-proxy.js";
import { until } from "./until.js";

export class RedisPlace {
  private readonly others: RedisServer[] = [];

  private constructor(
    private current: RedisServer,
    private readonly target: { host: string; port: number },
    private readonly proxy: TcpProxy,
  ) {}

  static async open(server: RedisServer): Promise<RedisPlace> {
    const target = { host: server.host, port: server.port };
    return new RedisPlace(server, target, await TcpProxy.open({ target }));
  }

  get url(): string {
    return `redis://${this.proxy.host}:${this.proxy.port}`;
  }

  /** kill -9 of the server, and its start again. What it keeps is what it was started with. */
  async restart(): Promise<void> {
    await this.current.kill();
    await this.current.start();
  }

  /**
   * A replica takes over that has not seen the last `lostMs` of what its master acknowledged.
   * @returns how many bytes of the replication stream are lost.
   */
  async failOver(lostMs: number): Promise<number> {
    const replica = await startRedis({ appendOnly: true });
    this.others.push(this.current);
    const master = await withClient(this.current.url, (from) =>
      withClient(replica.url, async (to) => {
        await to.call("REPLICAOF", this.current.host, String(this.current.port));
        await until("the replica has all of its master's data", async () => isInSync(from, to));
        await to.call("REPLICAOF", "NO", "ONE");
        const sinceBytes = await writtenBytes(from);
        await wait(lostMs);
        return until("the master acknowledges what its replica does not get", async () => {
          const bytes = (await writtenBytes(from)) - sinceBytes;
          return bytes > 0 ? { bytes } : null;
        });
      }),
    );
    await this.current.kill();
    this.current = replica;
    this.target.port = replica.port;
    this.proxy.cut();
    return master.bytes;
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await Promise.all([this.current, ...this.others].map((server) => server.close()));
  }
}

/** Read past the address: the store that is there now. */
export async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url);
  // Whoever waits for a command hears of it there.
  client.on("error", () => {});
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function isInSync(master: Redis, replica: Redis): Promise<boolean> {
  const text = await replica.info("replication");
  return (
    field(text, "master_link_status") === "up" &&
    Number(field(text, "slave_repl_offset")) >= (await writtenBytes(master))
  );
}

async function writtenBytes(master: Redis): Promise<number> {
  return Number(field(await master.info("replication"), "master_repl_offset"));
}

function field(info: string, name: string): string | null {
  return new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? null;
}
