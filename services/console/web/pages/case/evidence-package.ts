/** Makes an evidence package: the office answers with a line a step, the last one is the package or what stood against it. */

import type { MadePackageLine, PackageProgress } from "../../../../../schemas/http/evidence.js";
import type { EvidenceProblemBody } from "../../../../../schemas/http/evidence-problem.js";
import { EVIDENCE_ROUTES } from "../../../../../schemas/http/evidence-routes.js";
import { Refused, send } from "../../app/ask.js";

export type MadePackage = MadePackageLine["package"];

export interface PackageAsked {
  readonly caseId: string;
  /** Of an approved request. */
  readonly unmasked?: string;
}

/** @throws Refused; where it was cancelled, what `fetch` throws. */
export async function makePackage(
  body: PackageAsked,
  {
    signal,
    onProgress,
  }: { readonly signal: AbortSignal; readonly onProgress: (step: PackageProgress) => void },
): Promise<MadePackage> {
  const response = await send(EVIDENCE_ROUTES.make, { body, signal });
  for await (const line of linesOf(response)) {
    const said = JSON.parse(line) as
      | PackageProgress
      | MadePackageLine
      | { readonly problem: EvidenceProblemBody };
    if ("package" in said) return said.package;
    if ("problem" in said) {
      const { status, code, detail } = said.problem;
      throw new Refused(status, code, detail, said.problem);
    }
    onProgress(said);
  }
  throw new Refused(0, "AWAY", "the answer broke off before the package was made");
}

async function* linesOf({ body }: Response): AsyncGenerator<string> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop()!;
      yield* lines.filter((line) => line !== "");
    }
    if (rest !== "") yield rest;
  } finally {
    // Whoever stops reading stops the making too.
    await reader.cancel();
  }
}
