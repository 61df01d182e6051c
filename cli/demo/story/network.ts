/** The settlement network of a story: sends institutions, the holder's contact and records, and tells what was answered. */

import type { KadunProcess } from "../../../bench/load/kadun-process.js";
import type { Story, StoryRecord } from "../../../bench/stories/story.js";
import { HttpClient, type HttpRequest } from "../../../platform/http-client/http-client.js";
import { answer } from "../../../schemas/http/authorization.js";
import { OperatingError } from "../../exit-status.js";

const REQUEST_TIMEOUT_MS = 30_000;

export interface Told {
  /** For people, some lines. */
  readonly text: string;
  /** What the terminal was told; null where nobody asked. */
  readonly action: string | null;
}

export class StoryNetwork {
  private readonly client: HttpClient;

  constructor({ url, apiKey }: Pick<KadunProcess, "url" | "apiKey">) {
    this.client = new HttpClient({ url, apiKey, connectionsMax: 1, timeoutMs: REQUEST_TIMEOUT_MS });
  }

  async introduce({ institutions, personId, contact }: Story): Promise<void> {
    for (const entry of institutions)
      await this.accepted({ method: "PUT", path: "/v1/institutions", body: JSON.stringify(entry) });
    const body = JSON.stringify({ personId, ...contact });
    await this.accepted({ method: "PUT", path: "/v1/contacts", body });
  }

  /** @throws OperatingError where it is refused. */
  async send(record: StoryRecord): Promise<Told> {
    const { type, occurredAt, kind, careRegion, totalFen, pin, action } = record;
    const at = String(occurredAt).slice(0, 16).replace("T", " ");
    const body = JSON.stringify(record);
    if (type !== "swipe") {
      await this.accepted({ method: "POST", path: "/v1/card-status", body });
      return { text: `${at}  ${String(action)} by ${String(record.channel)}`, action: null };
    }
    const answered = answer.parse(
      JSON.parse(await this.accepted({ method: "POST", path: "/v1/authorizations", body })),
    );
    const reasons = answered.reasons.map(({ rule, text }) => `${rule} ${text["zh-CN"]}`);
    const what = kind === "settle" ? `${(Number(totalFen) / 100).toFixed(2)} yuan` : `PIN ${String(pin)}`;
    const text = [`${at}  ${String(careRegion)}  ${what}: ${answered.action}`, ...reasons];
    return { text: text.join("\n                    "), action: answered.action };
  }

  close(): void {
    this.client.close();
  }

  /** @returns the answer's body. */
  private async accepted(request: HttpRequest): Promise<string> {
    const { status, body } = await this.client.send(request);
    if (status < 300) return body.toString("utf8");
    throw new OperatingError(`${request.path}: status ${status}: ${body.toString("utf8")}`);
  }
}
