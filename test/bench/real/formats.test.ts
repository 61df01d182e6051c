import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { LABELLED_SETS } from "../../../bench/real/options.js";
import { rulesetOverlayFile } from "../../../schemas/bundle/ruleset.js";

const ownRulesets = LABELLED_SETS.flatMap(({ name, rulesetFile }) =>
  rulesetFile === null ? [] : [[name, rulesetFile] as const],
);

describe("the stated ruleset files", () => {
  test.each(ownRulesets)(
    "%s: %s is an overlay of the defaults that changes the judged rules only",
    (name, file) => {
      const overlay = rulesetOverlayFile.parse(JSON.parse(readFileSync(join("bench/real", file), "utf8")));
      const set = LABELLED_SETS.find((each) => each.name === name);
      expect(overlay.rules.map((rule) => rule.id)).toEqual(set?.judges);
    },
  );
});
