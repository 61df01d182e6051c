/** `kadun rules versions|show|diff`: what there is, and what differs. */

import { contentAnswer, diffAnswer, versionDetail, versionList } from "../../schemas/http/rules.js";
import { personCommand, versionNumber } from "./person-command.js";
import { changeLine, versionLine, versionLines } from "./print.js";

export const versions = personCommand({
  synopsis: "versions",
  about: "Every version there ever was, the latest first: number, state, author, time, bundle, comment.",
  words: { min: 0, max: 0 },
  run: async (client) => {
    const list = await client.get("/v1/rules/versions", versionList);
    return { json: list, text: list.versions.map(versionLine) };
  },
});

export const show = personCommand({
  synopsis: "show N [--content]",
  about: `A version with comments, approvals, what the guard said and activations.
--content                the whole bundle instead, as JSON`,
  words: { min: 1, max: 1 },
  options: { content: { type: "boolean" } },
  run: async (client, [word], { content }) => {
    const address = `/v1/rules/versions/${versionNumber(word)}`;
    if (content === true) {
      const answer = await client.get(`${address}/content`, contentAnswer);
      return { json: answer, text: [JSON.stringify(answer.content, null, 2)] };
    }
    const version = await client.get(address, versionDetail);
    return { json: version, text: versionLines(version) };
  },
});

export const diff = personCommand({
  synopsis: "diff N [M]",
  about: `What version N changes against version M, or against the one activated last: each rule's and loss policy's values by
path, before → after.`,
  words: { min: 1, max: 2 },
  run: async (client, [word, from]) => {
    const query = from === undefined ? "" : `?from=${versionNumber(from)}`;
    const answer = await client.get(`/v1/rules/versions/${versionNumber(word)}/diff${query}`, diffAnswer);
    const { version, against, changes } = answer;
    const head = `version ${version} against version ${against}: ${changes.length} change(s)`;
    return { json: answer, text: [head, ...changes.map(changeLine)] };
  },
});
