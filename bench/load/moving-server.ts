/** A server that is killed and comes back at another address: requests go to where it is now, or fail. */

import { HttpClient, type HttpRequest, type HttpResponse } from "../../platform/http-client/http-client.js";
import type { Sender } from "./feeder.js";

export interface MovingServerOptions {
  readonly apiKey: string;
  readonly connectionsMax: number;
  readonly timeoutMs: number;
}

export class MovingServer implements Sender {
  private client: HttpClient | null = null;

  constructor(private readonly options: MovingServerOptions) {}

  moveTo(url: string): void {
    this.close();
    this.client = new HttpClient({ ...this.options, url });
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    if (this.client === null) throw new Error("the server is down");
    return this.client.send(request);
  }

  close(): void {
    this.client?.close();
    this.client = null;
  }
}
