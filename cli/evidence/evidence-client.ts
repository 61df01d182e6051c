/** How `kadun evidence` asks the office or a console: packages are made while lines say how far they are. */

import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import * as z from "zod";
import {
  type MadePackageLine,
  madePackageLine,
  type PackageProgress,
  packageProgress,
} from "../../schemas/http/evidence.js";
import { evidenceProblem } from "../../schemas/http/evidence-problem.js";
import { type ConsoleAccess, refusalText, refusedBy } from "../embedded/console-client.js";
import { OperatingError } from "../exit-status.js";

const makingLine = z.union([packageProgress, madePackageLine, z.object({ problem: evidenceProblem })]);

export class EvidenceClient {
  constructor(private readonly access: ConsoleAccess) {}

  /** @throws OperatingError with what was refused and why. */
  async make(
    asked: { readonly caseId: string; readonly unmasked?: string; readonly since?: string },
    onProgress: (progress: PackageProgress) => void,
  ): Promise<MadePackageLine["package"]> {
    const { body } = await this.send("POST", "/v1/evidence/packages", JSON.stringify(asked));
    for await (const line of linesOf(body)) {
      const parsed = makingLine.parse(JSON.parse(line));
      if ("package" in parsed) return parsed.package;
      if ("problem" in parsed) throw new OperatingError(refusalText(parsed.problem));
      onProgress(parsed);
    }
    throw new OperatingError(
      `${this.access.name}: it ended before the package was made; its log has the reason`,
    );
  }

  /** Whole under its name, or not at all. */
  async take(sha256: string, path: string): Promise<void> {
    const { body } = await this.send("GET", `/v1/evidence/packages/${sha256}`);
    const draft = `${path}.new`;
    await pipeline(body, createWriteStream(draft, { mode: 0o600 }));
    await rename(draft, path);
  }

  private async send(method: "GET" | "POST", path: string, body?: string): Promise<{ body: Readable }> {
    const { name, url, key } = this.access;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const response = await fetch(new URL(path, url), {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    }).catch((error: Error) => {
      throw new OperatingError(
        `${name}: nothing answers (${String(error.cause ?? error.message)}); does it run?`,
      );
    });
    if (!response.ok || response.body === null)
      throw refusedBy({ method, path }, response.status, await response.text());
    return { body: Readable.fromWeb(response.body as ReadableStream<Uint8Array>) };
  }
}

async function* linesOf(body: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece as Uint8Array, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
