/** Ports of 127.0.0.1 that nobody listens on. */

import { once } from "node:events";
import { createServer, type Server } from "node:net";

/** Below the ephemeral range: an outgoing connection must not take a server's port while the server is down. */
const PORT_MIN = 20_000;
const PORT_COUNT = 10_000;
const ATTEMPTS_MAX = 200;

/** They are held all at once before they are given, so that they differ. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const held: Server[] = [];
  const ports: number[] = [];
  for (let attempt = 0; ports.length < count; attempt++) {
    if (attempt === ATTEMPTS_MAX) throw new Error(`no ${count} free ports of 127.0.0.1 from ${PORT_MIN} on`);
    const port = PORT_MIN + Math.floor(Math.random() * PORT_COUNT);
    const server = await hold(port);
    if (server === null) continue;
    held.push(server);
    ports.push(port);
  }
  await Promise.all(held.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

async function hold(port: number): Promise<Server | null> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return server;
  } catch {
    return null;
  }
}
