/** The fixed table that speaks when the judge is late. */

import { describe, expect, test } from "@jest/globals";
import { CREDENTIALS, INSTITUTION_KINDS } from "../../schemas/fields.js";
import { standInAction } from "../../services/ingest/stand-in.js";

describe("the stand-in", () => {
  test("challenges a physical card at a pharmacy and approves everything else, as degraded judging does", () => {
    const challenged: string[] = [];
    for (const credential of CREDENTIALS)
      for (const institutionKind of INSTITUTION_KINDS)
        for (const emergency of [undefined, false, true] as const) {
          const swipe = { credential, institutionKind, emergency };
          if (standInAction(swipe as Parameters<typeof standInAction>[0]) === "challenge")
            challenged.push(`${credential} ${institutionKind} ${emergency ?? false}`);
        }
    expect([...new Set(challenged)]).toEqual(["card pharmacy false", "temporary-card pharmacy false"]);
  });
});
