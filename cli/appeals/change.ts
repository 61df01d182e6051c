/** `kadun appeals accept|return|resume|review|investigate|decide|confirm|drop|reconsider`. */

import { SEEN_OPTION, type Values } from "../embedded/desk-command.js";
import { UsageError } from "../exit-status.js";
import { appealCommand, changeAppeal } from "./appeal-command.js";

/** A change with one text, or none. */
function saying(given: {
  readonly name: string;
  readonly about: string;
  readonly address: string;
  /** Name of the text in the body; null: there is none. */
  readonly field: string | null;
}) {
  const { name, about, address, field } = given;
  const words = field === null ? 1 : 2;
  return appealCommand({
    synopsis: `${name} APPEAL${field === null ? "" : " TEXT"}`,
    about,
    words: { min: words, max: words },
    options: SEEN_OPTION,
    run: (client, [appealId, text], values) =>
      changeAppeal(
        client,
        { appealId: appealId!, address, body: field === null ? {} : { [field]: text } },
        values,
      ),
  });
}

export const accept = saying({
  name: "accept",
  about: "Accepts the appeal; the holder gets the paper of it.",
  address: "acceptance",
  field: null,
});
export const giveBack = saying({
  name: "return",
  about:
    "Asks the holder for what is missing (TEXT, Chinese). The office's deadlines stand still until it is there.",
  address: "return",
  field: "what",
});
export const resume = saying({
  name: "resume",
  about: "Goes on with what there is, and says why.",
  address: "resumption",
  field: "reason",
});
export const review = saying({
  name: "review",
  about: "The first review, or by another person the second one.",
  address: "reviews",
  field: "opinion",
});
export const investigate = saying({
  name: "investigate",
  about: "Writes down what the investigation found; as often as needed.",
  address: "findings",
  field: "findings",
});
export const confirm = saying({
  name: "confirm",
  about: "Confirms the decision that somebody else proposed.",
  address: "confirmation",
  field: null,
});
export const drop = saying({
  name: "drop",
  about: "Does not follow the proposed decision, and says why.",
  address: "refusal",
  field: "reason",
});

function deciding(name: "decide" | "reconsider", address: string, about: string) {
  return appealCommand({
    synopsis: `${name} APPEAL REASONS [--uphold SWIPE]… [--reject SWIPE]… [--own SWIPE]…`,
    about: `${about} Each claimed swipe is named once, by its decisionId. REASONS (Chinese) stand in the paper: facts, no verdict on anybody.
--own names a rejected swipe that was found to be the holder's own: --reject is implied.`,
    words: { min: 2, max: 2 },
    options: {
      ...SEEN_OPTION,
      uphold: { type: "string", multiple: true },
      reject: { type: "string", multiple: true },
      own: { type: "string", multiple: true },
    },
    run: (client, [appealId, reasons], values) => {
      const own = listOf(values, "own");
      const outcomes = outcomesOf(listOf(values, "uphold"), [...listOf(values, "reject"), ...own]);
      return changeAppeal(client, { appealId: appealId!, address, body: { outcomes, own, reasons } }, values);
    },
  });
}

export const decide = deciding(
  "decide",
  "decision",
  "Decides. Of somebody who reviewed the appeal it is a proposal that another person confirms.",
);
export const reconsider = deciding(
  "reconsider",
  "reconsideration",
  "Decides anew, by somebody who took no part before.",
);

function listOf(values: Values, name: string): readonly string[] {
  return (values[name] ?? []) as readonly string[];
}

function outcomesOf(upheld: readonly string[], rejected: readonly string[]): Record<string, string> {
  const both = upheld.find((decisionId) => rejected.includes(decisionId));
  if (both !== undefined) throw new UsageError(`swipe '${both}': upheld and rejected; name it once`);
  return Object.fromEntries([
    ...upheld.map((decisionId) => [decisionId, "upheld"]),
    ...rejected.map((decisionId) => [decisionId, "rejected"]),
  ]);
}
