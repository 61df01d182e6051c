/** `/v1/evidence` on a process's HTTP server. */

import { createReadStream, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { PROBLEM_CONTENT_TYPE } from "../../schemas/http/problem.js";
import {
  answerEvidence,
  BODY_BYTES_MAX,
  type EvidenceApiOptions,
  type EvidenceResponse,
  isEvidencePath,
  problem,
} from "../../services/evidence/evidence-api.js";
import { bodyWithin } from "./request-parts.js";

/** Takes the requests of `/v1/evidence`; false for all others. */
export function evidenceRequests(
  options: EvidenceApiOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<boolean> {
  return async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://console");
    if (!isEvidencePath(pathname)) return false;
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const body = await bodyWithin(request, BODY_BYTES_MAX);
    const answer: EvidenceResponse =
      body === null
        ? { kind: "json", ...problem("BODY_TOO_LARGE", `at most ${BODY_BYTES_MAX} bytes`) }
        : await answerEvidence(options, {
            method: request.method ?? "GET",
            path: pathname,
            query: searchParams,
            headers: request.headers,
            body,
            gone: gone.signal,
          });
    await send(response, answer).catch((error: unknown) => {
      // Who cancelled, or shut the page, is told nothing.
      if (!gone.signal.aborted) throw error;
    });
    return true;
  };
}

async function send(response: ServerResponse, answer: EvidenceResponse): Promise<void> {
  const { status } = answer;
  if (answer.kind === "json") {
    response.writeHead(status, {
      "content-type": answer.isProblem ? PROBLEM_CONTENT_TYPE : "application/json",
    });
    response.end(`${JSON.stringify(answer.body)}\n`);
  } else if (answer.kind === "lines") {
    response.writeHead(status, { "content-type": "application/x-ndjson" });
    await pipeline(async function* () {
      for await (const line of answer.lines) yield `${JSON.stringify(line)}\n`;
    }, response);
  } else {
    response.writeHead(status, {
      "content-type": "application/zip",
      "content-length": statSync(answer.path).size,
      "content-disposition": `attachment; filename="${answer.name}"`,
    });
    await pipeline(createReadStream(answer.path), response);
  }
}
