/** The bundle the job is judged under: the job's own ruleset and rules, everything else as shipped. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type * as z from "zod";
import { packageRoot } from "../../cli/package-root.js";
import { adviceFile } from "../../schemas/bundle/advice.js";
import { calendarFile } from "../../schemas/bundle/calendar.js";
import { lossPoliciesFile } from "../../schemas/bundle/loss-policies.js";
import { regionsFile } from "../../schemas/bundle/regions.js";
import { responseCodesFile } from "../../schemas/bundle/response-codes.js";
import { DetectorBundle } from "../../services/detector/bundle.js";
import { compileRuleset } from "../../services/detector/ruleset.js";
import { SWIPE_5_RULES } from "./rules/registry.js";
import { SWIPE_5_RULESET } from "./ruleset.js";

/** @throws Error naming every mistake of the ruleset. */
export function swipe5Bundle(): DetectorBundle {
  const compiled = compileRuleset(SWIPE_5_RULESET, { registry: SWIPE_5_RULES });
  if (!compiled.ok)
    throw new Error(
      compiled.problems.map(({ path, expected }) => `swipe-5 ruleset: ${path}: ${expected}`).join("\n"),
    );
  return new DetectorBundle({
    hash: createHash("sha256").update(JSON.stringify(SWIPE_5_RULESET)).digest("hex"),
    rules: compiled.rules,
    scopes: compiled.scopes,
    traceCodeReuseAction: compiled.traceCodeReuseAction,
    lossPolicies: shipped("loss-policies.json", lossPoliciesFile),
    calendar: shipped("calendar.json", calendarFile),
    regions: shipped("regions.json", regionsFile),
    responseCodes: shipped("response-codes.json", responseCodesFile),
    advice: shipped("advice.json", adviceFile),
  });
}

function shipped<Shape>(name: string, schema: z.ZodType<Shape>): Shape {
  return schema.parse(JSON.parse(readFileSync(join(packageRoot, "rulesets", name), "utf8")));
}
