/** A bureau's system as docs/reminders.md asks for one, over HTTP on this machine: it has each report once, by its key. */

import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isSignedBy } from "../../../platform/bureau-channel/webhook/signature.js";

export const SECRET = Buffer.alloc(32, 7);

export interface Told {
  readonly status: number;
  readonly body?: unknown;
}

export type Trouble = "hang" | "cut-before" | "cut-after" | "half-a-body";

export class BureauDesk {
  /** By key, in the order in which they came first. */
  readonly reports = new Map<string, string>();
  /** Every request: key and signature. */
  readonly requests: { key: string; signature: string; isSigned: boolean; body: string }[] = [];
  decide: (key: string, asked: number) => Told = (key) => ({ status: 200, body: { receiptNo: `R-${key}` } });
  trouble: (request: number) => Trouble | null = () => null;
  private readonly hanging: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly nowMs: () => number,
  ) {}

  static async open(nowMs: () => number): Promise<BureauDesk> {
    const server = createServer();
    const desk = new BureauDesk(server, nowMs);
    server.on("request", (request, response) => {
      void bodyOf(request).then((body) => {
        const told = desk.take(request, body);
        if (told === "hang") desk.hanging.push(() => response.destroy());
        else if (told === "cut") response.destroy();
        else if (told === "half") {
          response.writeHead(200, { "content-length": "100" });
          response.write('{"rec', () => response.destroy());
        } else response.writeHead(told.status).end(told.body === undefined ? "" : JSON.stringify(told.body));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return desk;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/losses`;
  }

  async close(): Promise<void> {
    for (const end of this.hanging) end();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private take(request: IncomingMessage, body: string): Told | "hang" | "cut" | "half" {
    const header = (name: string) => String(request.headers[name] ?? "");
    const key = header("idempotency-key");
    const signature = header("x-kadun-signature");
    const timestamp = header("x-kadun-timestamp");
    const isSigned = isSignedBy(SECRET, { timestamp, signature, body }, this.nowMs());
    this.requests.push({ key, signature, isSigned, body });
    const trouble = this.trouble(this.requests.length);
    if (trouble === "cut-before") return "cut";
    if (!isSigned) return { status: 401 };
    if (!this.reports.has(key)) this.reports.set(key, body);
    if (trouble === "cut-after") return "cut";
    if (trouble === "half-a-body") return "half";
    if (trouble === "hang") return "hang";
    return this.decide(key, this.requests.filter((one) => one.key === key).length);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
