/**
 * An operator on this machine: an HTTP server that keeps what it took, checks signatures as the operator does, and has
 * the accidents that a test tells it. What its answers look like is the operator's (aliyun-stand-in.ts, tencent-stand-in.ts).
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface TakenSms {
  readonly smsId: string;
  readonly phone: string;
  readonly template: string;
  readonly signature: string;
  /** As it came: by name, or in order. */
  readonly values: unknown;
  readonly providerId: string;
  readonly atMs: number;
  fate: "waiting" | "delivered" | { readonly failed: string };
}

/** What goes wrong with the next request that sends. */
export type Accident =
  /** Taken; the answer never comes. */
  | "taken-silent"
  /** Taken; the connection breaks. */
  | "taken-cut"
  /** The connection breaks before anything was taken. */
  | "lost-cut"
  /** Taken; the answer is no JSON. */
  | "taken-garbled"
  /** Taken; a proxy on the way answers for it. */
  | "taken-502"
  /** Taken; the answer waits for `releaseNext`. */
  | "taken-slow"
  | "throttled"
  /** The operator's code, with a text that names the number. */
  | { readonly code: string };

export interface Call {
  readonly action: string;
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly body: object | string;
}

export abstract class StandIn {
  readonly taken: TakenSms[] = [];
  /** Of every request that came, signed right or not. */
  readonly actions: string[] = [];
  /** Port of the other side, of every request. */
  readonly peers: (number | undefined)[] = [];
  readonly accidents: Accident[] = [];
  /** Receipts and records come later than what they are of. */
  nowMs = Date.UTC(2026, 2, 2, 4);
  private readonly server: Server;
  private readonly held: (() => void)[] = [];
  private isReleasing = false;

  constructor() {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The answer of a `taken-slow` goes out, also where its request is still on the way. */
  releaseNext(): void {
    this.isReleasing = true;
    for (const go of this.held.splice(0)) go();
  }

  async close(): Promise<void> {
    this.releaseNext();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  of(smsId: string): TakenSms {
    const taken = this.taken.find((each) => each.smsId === smsId);
    if (taken === undefined)
      throw new Error(`${smsId}: never taken; taken: ${this.taken.map((sms) => sms.smsId)}`);
    return taken;
  }

  protected abstract readCall(request: IncomingMessage, body: string): Call;
  /** null where it is right. */
  protected abstract signatureFault(call: Call): Answer | null;
  protected abstract isSend(call: Call): boolean;
  protected abstract take(call: Call): TakenSms;
  protected abstract accepted(taken: TakenSms): Answer;
  protected abstract refusal(code: string, call: Call): Answer;
  protected abstract throttled(): Answer;
  protected abstract records(call: Call): Answer;

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = this.readCall(request, await bodyOf(request));
    this.actions.push(call.action);
    this.peers.push(request.socket.remotePort);
    const fault = this.signatureFault(call);
    if (fault !== null) send(response, fault);
    else if (!this.isSend(call)) send(response, this.records(call));
    else await this.answerSend(call, response);
  }

  private async answerSend(call: Call, response: ServerResponse): Promise<void> {
    const accident = this.accidents.shift();
    if (typeof accident === "object") return send(response, this.refusal(accident.code, call));
    if (accident === "throttled") return send(response, this.throttled());
    if (accident === "lost-cut") return void response.socket?.destroy();
    const taken = this.take(call);
    this.taken.push(taken);
    switch (accident) {
      case "taken-silent":
        return;
      case "taken-cut":
        return void response.socket?.destroy();
      case "taken-garbled":
        return send(response, { status: 200, body: `{"of": "${taken.phone}", ` });
      case "taken-502":
        return send(response, { status: 502, body: `<html>bad gateway for ${taken.phone}</html>` });
      case "taken-slow":
        if (!this.isReleasing) await new Promise<void>((go) => this.held.push(go));
        return send(response, this.accepted(taken));
      case undefined:
        return send(response, this.accepted(taken));
    }
  }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
