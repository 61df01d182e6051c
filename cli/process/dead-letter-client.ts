/** The refused records that wait at a gateway: `/local/dead-letters`, with the machine's own key. */

import type * as z from "zod";
import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { readiness } from "../../schemas/http/readiness.js";
import { deadLettersAnswer, redriveAnswer } from "../../schemas/http/system.js";
import type { Gateway } from "./activation-client.js";

/** A page of letters is opened one by one. */
const LOOK_TIMEOUT_MS = 10_000;
/** All of them are accepted again, on disk. */
const REDRIVE_TIMEOUT_MS = 120_000;
const LETTERS_PER_PAGE = 100;

const letters = deadLettersAnswer.pick({ letters: true });

export class DeadLetterClient {
  /** @param gateway asked at each call: it may move, its key be made anew. @throws where there is none now. */
  constructor(private readonly gateway: () => Gateway) {}

  /** null where it does not answer. So below. */
  async list(from: number): Promise<z.infer<typeof deadLettersAnswer> | null> {
    const path = `/local/dead-letters?from=${from}&max=${LETTERS_PER_PAGE}`;
    const page = await this.ask({ method: "GET", path }, letters, LOOK_TIMEOUT_MS);
    if (page === null) return null;
    const last = page.letters.at(-1);
    const isFull = page.letters.length === LETTERS_PER_PAGE && last !== undefined;
    return { letters: page.letters, from: isFull ? last.offset + 1 : null };
  }

  redrive(): Promise<z.infer<typeof redriveAnswer> | null> {
    const request = { method: "POST", path: "/local/dead-letters/redrive", body: "{}" } as const;
    return this.ask(request, redriveAnswer, REDRIVE_TIMEOUT_MS);
  }

  /** Red with reasons is an answer too. */
  readiness(): Promise<z.infer<typeof readiness> | null> {
    return this.ask({ method: "GET", path: "/readyz" }, readiness, LOOK_TIMEOUT_MS);
  }

  private async ask<Shape>(
    request: HttpRequest,
    shape: z.ZodType<Shape>,
    timeoutMs: number,
  ): Promise<Shape | null> {
    let http: HttpClient | null = null;
    try {
      const { url, key } = this.gateway();
      http = new HttpClient({ url, apiKey: key, connectionsMax: 1, timeoutMs });
      const { body } = await http.send(request);
      const answer = shape.safeParse(JSON.parse(body.toString("utf8")));
      return answer.success ? answer.data : null;
    } catch {
      // Told as what it is: the process does not answer. Its own log has the reason.
      return null;
    } finally {
      http?.close();
    }
  }
}
