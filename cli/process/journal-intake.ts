/** Records of the outbox into the journal over HTTP: to a gateway, with the machine's own key. */

import * as z from "zod";
import { HttpClient, type HttpResponse } from "../../platform/http-client/http-client.js";
import { accepted } from "../../schemas/http/accepted.js";
import { problem, type RefusedLine, refusedLine } from "../../schemas/http/problem.js";
import type { JournalIntake, PutResult } from "../../services/alerts/journal-outbox/journal-intake.js";
import type { JournalPath } from "../../services/alerts/journal-outbox/journal-outbox.js";
import type { Gateway } from "./activation-client.js";

/** Ingest answers when the records are on disk: milliseconds, seconds on a busy machine. */
const TIMEOUT_MS = 30_000;

const nothingAccepted = z.object({
  ...problem.shape,
  code: z.literal("NOTHING_ACCEPTED"),
  refused: z.array(refusedLine),
});

export class JournalIntakeError extends Error {
  override readonly name = "JournalIntakeError";
  readonly code = "GATEWAY";
  readonly retryable = true;
}

export class HttpJournalIntake implements JournalIntake {
  /** @param gateway asked at each call: it may move, its key be made anew. @throws where there is none now. */
  constructor(private readonly gateway: () => Gateway) {}

  async put(path: JournalPath, bodies: readonly string[]): Promise<readonly PutResult[]> {
    const refused = new Map(
      refusedLinesOf(path, await this.post(path, bodies.join("\n"))).map((line) => [line.line, line]),
    );
    return bodies.map((_, i) => {
      const line = refused.get(i + 1);
      if (line === undefined) return { kind: "stored" };
      return { kind: "refused", code: line.code, reason: `${line.field} ${line.reason}`.trim() };
    });
  }

  private async post(path: string, body: string): Promise<HttpResponse> {
    let http: HttpClient | null = null;
    try {
      const { url, key } = this.gateway();
      http = new HttpClient({ url, apiKey: key, connectionsMax: 1, timeoutMs: TIMEOUT_MS });
      return await http.send({ method: "POST", path, body, contentType: "application/x-ndjson" });
    } catch (error) {
      throw new JournalIntakeError(`the gateway does not answer (${(error as Error).message})`);
    } finally {
      http?.close();
    }
  }
}

/** @throws JournalIntakeError where the request as a whole was not taken. */
function refusedLinesOf(path: string, { status, body }: HttpResponse): readonly RefusedLine[] {
  const json = jsonOf(body.toString("utf8"));
  const some = accepted.safeParse(json);
  if (status === 202 && some.success) return some.data.refused;
  const none = nothingAccepted.safeParse(json);
  if (none.success) return none.data.refused;
  const told = problem.safeParse(json);
  const why = told.success ? `: ${told.data.code}` : "";
  throw new JournalIntakeError(`POST ${path}: status ${status}${why}; the records wait and are sent again`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
