/** `kadun rules comment|withdraw|approve|check|confirm`: what people say and do about a version. */

import { versionDetail } from "../../schemas/http/rules.js";
import { personCommand, versionNumber } from "./person-command.js";
import { versionLines } from "./print.js";

export const comment = personCommand({
  synopsis: "comment N TEXT",
  about: "A comment on a version. It stays.",
  words: { min: 2, max: 2 },
  run: async (client, [word, text]) => {
    const address = `/v1/rules/versions/${versionNumber(word)}/comments`;
    const version = await client.post(address, { text }, versionDetail);
    return { json: version, text: versionLines(version) };
  },
});

/** A command that is one word and the number of a version. */
function act(name: string, about: string) {
  return personCommand({
    synopsis: `${name} N`,
    about,
    words: { min: 1, max: 1 },
    run: async (client, [word]) => {
      const version = await client.post(
        `/v1/rules/versions/${versionNumber(word)}/${name}`,
        {},
        versionDetail,
      );
      return { json: version, text: versionLines(version) };
    },
  });
}

export const withdraw = act(
  "withdraw",
  "A version that nobody shall publish any more. It stays in the list.",
);
export const approve = act("approve", "The second pair of eyes: anybody but the author.");
export const check = act(
  "check",
  "What the guard says of a version against the running one; asked anew where its last word does not hold any more. May take minutes.",
);
export const confirm = act(
  "confirm",
  "A third person, neither the author nor the one who approved, confirms a version in spite of the guard's last objection.",
);
