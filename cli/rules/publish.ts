/** `kadun rules activate|shadow|rollback|status`: what changes judging, and how far it is. */

import { activationAnswer, rollbackAnswer, rulesStatus } from "../../schemas/http/rules.js";
import { personCommand, versionNumber } from "./person-command.js";
import { activationLine, statusLines, versionLine } from "./print.js";

const REPLACE = { replace: { type: "boolean" } } as const;
const REPLACE_HELP =
  "--replace                although the activation before is not answered by every partition";
const FOLLOW = "'kadun rules status' says how many partitions have answered";

export const activate = personCommand({
  synopsis: "activate N [--replace]",
  about: `Publishes a version that another person approved: an activation in every partition. The guard looks at it first where its
last word does not hold any more, which may take minutes; where it objects a third person has to confirm.
${REPLACE_HELP}`,
  words: { min: 1, max: 1 },
  options: REPLACE,
  run: async (client, [word], { replace }) => {
    const address = `/v1/rules/versions/${versionNumber(word)}/activate`;
    const answer = await client.post(address, { replace: replace === true }, activationAnswer);
    return { json: answer, text: [activationLine(answer.activation), FOLLOW] };
  },
});

export const shadow = personCommand({
  synopsis: "shadow N|off [--replace]",
  about: `Puts a draft beside the running version: its hits are stored and compared, no answer changes, so one person may do it.
off takes it out again.
${REPLACE_HELP}`,
  words: { min: 1, max: 1 },
  options: REPLACE,
  run: async (client, [word], { replace }) => {
    const version = word === "off" ? null : versionNumber(word);
    const asked = { version, replace: replace === true };
    const answer = await client.post("/v1/rules/shadow", asked, activationAnswer);
    return { json: answer, text: [activationLine(answer.activation), FOLLOW] };
  },
});

export const rollback = personCommand({
  synopsis: "rollback [--replace]",
  about: `Back to what ran before the running version. Takes two people, each of whom says it: the first asks for it, the second
one's asking activates it. The guard is not asked: it ran before. Said again it goes back further; what the breaker
changed, and the version it tripped on, are passed over.
${REPLACE_HELP}`,
  words: { min: 0, max: 0 },
  options: REPLACE,
  run: async (client, _words, { replace }) => {
    const answer = await client.post("/v1/rules/rollback", { replace: replace === true }, rollbackAnswer);
    const { activation, version } = answer;
    const then =
      activation === null
        ? "a second person says 'kadun rules rollback' as well"
        : `${activationLine(activation)}\n${FOLLOW}`;
    return { json: answer, text: [versionLine(version), then] };
  },
});

export const status = personCommand({
  synopsis: "status",
  about:
    "What runs, what is in shadow, which partitions have not answered, what there is to be alarmed about.",
  words: { min: 0, max: 0 },
  run: async (client) => {
    const found = await client.get("/v1/rules/status", rulesStatus);
    return { json: found, text: statusLines(found) };
  },
});
