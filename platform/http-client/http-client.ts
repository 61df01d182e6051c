/**
 * A small HTTP/1.1 client over kept-alive connections, for one server. Node's `fetch` costs several times as much per
 * request, which would measure the client instead of the server.
 *
 * Owns: the connections and their number. Does not own: sending again after an error (the caller knows what may be
 * sent twice).
 */

import { Agent, type IncomingMessage, request } from "node:http";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly contentType?: string;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: Buffer;
  readonly retryAfterSeconds: number | null;
}

export interface HttpClientOptions {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly apiKey?: string;
  readonly connectionsMax: number;
  readonly timeoutMs: number;
  /** A connection that nobody used for so long is closed; IDLE_MS without it. */
  readonly idleMs?: number;
}

/**
 * Servers close what is idle (Node's after 5 s): who sends at that very moment is told of a broken connection, and cannot know
 * whether the request was taken. So this side closes first.
 */
const IDLE_MS = 3_000;

export class HttpClient {
  private readonly agent: Agent;
  private readonly hostname: string;
  private readonly port: string;
  private readonly baseHeaders: Readonly<Record<string, string>>;

  constructor(private readonly options: HttpClientOptions) {
    const { connectionsMax, idleMs = IDLE_MS } = options;
    const { hostname, port } = new URL(options.url);
    this.hostname = hostname;
    this.port = port;
    this.agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, timeout: idleMs });
    this.baseHeaders = options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` };
  }

  /** Resolves with any status. @throws Error of the connection; whether the server took the request is unknown. */
  send({ method, path, body, contentType }: HttpRequest): Promise<HttpResponse> {
    const bytes = typeof body === "string" ? Buffer.from(body) : (body ?? NO_BODY);
    const headers: Record<string, string> = { ...this.baseHeaders };
    if (method !== "GET") {
      headers["content-type"] = contentType ?? "application/json";
      headers["content-length"] = String(bytes.length);
    }
    const { hostname, port, agent } = this;
    return new Promise((resolve, reject) => {
      const sent = request({ hostname, port, agent, method, path, headers }, (response) => {
        collect(response).then(resolve, reject);
      });
      sent.setTimeout(this.options.timeoutMs, () =>
        sent.destroy(new Error(`${method} ${path}: no answer within ${this.options.timeoutMs} ms`)),
      );
      sent.on("error", reject);
      sent.end(bytes);
    });
  }

  close(): void {
    this.agent.destroy();
  }
}

const NO_BODY = new Uint8Array(0);

async function collect(response: IncomingMessage): Promise<HttpResponse> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const retryAfter = response.headers["retry-after"];
  return {
    status: response.statusCode ?? 0,
    body: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces),
    retryAfterSeconds: retryAfter === undefined ? null : Number(retryAfter),
  };
}
