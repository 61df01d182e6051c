/** The way of activations into the journal over HTTP: `/local/activations` of a gateway, with the machine's own key. */

import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { activationAppended, activationRefusal, activationsRunning } from "../../schemas/http/activations.js";
import type {
  ActivationOrder,
  ActivationSender,
  RunningActivation,
  SendResult,
} from "../../services/bundles/activation-sender.js";

/** The gateway checks, stores and appends to every partition: a second or two on a busy machine. */
const TIMEOUT_MS = 30_000;
export interface Gateway {
  readonly url: string;
  readonly key: string;
}

export class ActivationClientError extends Error {
  override readonly name = "ActivationClientError";
  readonly code = "GATEWAY";
  readonly retryable = true;
}

export class ActivationClient implements ActivationSender {
  /** @param gateway asked at each call: it may move, its key be made anew. @throws where there is none now. */
  constructor(private readonly gateway: () => Gateway) {}

  async send({ partitions, engineVersion, ...order }: ActivationOrder): Promise<SendResult> {
    const body = JSON.stringify({
      ...order,
      ...(engineVersion === null ? {} : { engineVersion }),
      ...(partitions === null ? {} : { partitions }),
    });
    const { status, json } = await this.ask({ method: "POST", path: "/local/activations", body });
    const appended = activationAppended.safeParse(json);
    if (status === 200 && appended.success) return { engineVersion: appended.data.engineVersion };
    const refused = activationRefusal.safeParse(json);
    if (!refused.success) throw new ActivationClientError(`POST /local/activations: status ${status}`);
    const { code, error } = refused.data;
    // It is in some partitions: sent again it is in all.
    if (code === "JOURNAL_INCOMPLETE") throw new ActivationClientError(`${code}: ${error}`);
    return { refused: `${code}: ${error}` };
  }

  async running(): Promise<RunningActivation | null> {
    const { status, json } = await this.ask({ method: "GET", path: "/local/activations" });
    if (status !== 200) throw new ActivationClientError(`GET /local/activations: status ${status}`);
    const parsed = activationsRunning.safeParse(json);
    if (parsed.success) return parsed.data.last;
    throw new ActivationClientError(
      "GET /local/activations: not what this program understands; is it of the same release?",
    );
  }

  private async ask(request: HttpRequest): Promise<{ status: number; json: unknown }> {
    let http: HttpClient | null = null;
    try {
      const { url, key } = this.gateway();
      http = new HttpClient({ url, apiKey: key, connectionsMax: 1, timeoutMs: TIMEOUT_MS });
      const { status, body } = await http.send(request);
      return { status, json: jsonOf(body.toString("utf8")) };
    } catch (error) {
      throw new ActivationClientError(`the gateway does not answer (${(error as Error).message})`);
    } finally {
      http?.close();
    }
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
