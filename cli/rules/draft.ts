/** `kadun rules draft`: a new version from files. */

import { versionDetail } from "../../schemas/http/rules.js";
import { loadBundle } from "../bundle-files.js";
import { UsageError } from "../exit-status.js";
import { personCommand } from "./person-command.js";
import { versionLines } from "./print.js";

export const draft = personCommand({
  synopsis: "draft FILE --comment TEXT [--policies FILE]",
  about: `A new version: a whole ruleset, or an overlay of the shipped one with "extends": "default"; everything around it as
shipped with this program. It is stored whole and never changed. Another person approves it, then it can be activated.
--comment TEXT           what changes, and why
--policies FILE          loss policies instead of the shipped ones`,
  words: { min: 1, max: 1 },
  options: { comment: { type: "string" }, policies: { type: "string" } },
  run: async (client, [rulesetFile], { comment, policies }) => {
    if (typeof comment !== "string" || comment.trim() === "")
      throw new UsageError("--comment TEXT: not given; say what changes, and why");
    const policiesFile = typeof policies === "string" ? policies : undefined;
    const { content } = loadBundle({ rulesetFile, policiesFile });
    const drafted = await client.post("/v1/rules/versions", { content, comment }, versionDetail);
    const next = `another person approves it: 'kadun rules approve ${drafted.version}'`;
    return { json: drafted, text: [...versionLines(drafted), next] };
  },
});
