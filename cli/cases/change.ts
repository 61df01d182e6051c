/** `kadun cases assign|note|strike|phoned|move|propose|approve|reject`: what people do about a case. */

import { CALL_OUTCOMES } from "../../schemas/case-command.js";
import { CASE_STATES } from "../../schemas/case-transitions.js";
import { SEEN_OPTION, type Values } from "../embedded/desk-command.js";
import { UsageError } from "../exit-status.js";
import { caseCommand, changeCase } from "./case-command.js";

const REASON = { reason: { type: "string" } } as const;

export const assign = caseCommand({
  synopsis: "assign CASE [NAME] [--reason TEXT]",
  about: "Takes a case, or gives it to NAME. Where somebody else has it, a reason is needed.",
  words: { min: 1, max: 2 },
  options: { ...REASON, ...SEEN_OPTION },
  run: (client, [caseId, assignee], values) => {
    const body = { ...(assignee !== undefined && { assignee }), ...reasonOf(values) };
    return changeCase(client, { caseId: caseId!, address: "assignment", body }, values);
  },
});

export const note = caseCommand({
  synopsis: "note CASE TEXT",
  about: "Adds a note of at most 4000 characters. Nobody edits it; 'strike' crosses it out.",
  words: { min: 2, max: 2 },
  options: SEEN_OPTION,
  run: (client, [caseId, text], values) =>
    changeCase(client, { caseId: caseId!, address: "notes", body: { text } }, values),
});

export const strike = caseCommand({
  synopsis: "strike CASE NOTE --reason TEXT",
  about: "Strikes a note out, by its number. It stays readable.",
  words: { min: 2, max: 2 },
  options: { ...REASON, ...SEEN_OPTION },
  run: (client, [caseId, word], values) => {
    const address = `notes/${numberOf(word, "a note")}/strike`;
    return changeCase(client, { caseId: caseId!, address, body: reasonOf(values) }, values);
  },
});

export const phoned = caseCommand({
  synopsis: "phoned CASE OUTCOME [--note TEXT]",
  about: `The person was phoned, because SMS do not arrive. OUTCOME is ${CALL_OUTCOMES.join(" or ")}; either ends the task.`,
  words: { min: 2, max: 2 },
  options: { note: { type: "string" }, ...SEEN_OPTION },
  run: (client, [caseId, outcome], values) => {
    if (!CALL_OUTCOMES.some((known) => known === outcome))
      throw new UsageError(`'${outcome}': expected ${CALL_OUTCOMES.join(" or ")}`);
    const body = { outcome, ...(values.note !== undefined && { note: values.note }) };
    return changeCase(client, { caseId: caseId!, address: "call", body }, values);
  },
});

function moving(name: "move" | "propose", about: string) {
  return caseCommand({
    synopsis: `${name} CASE STATE [--reason TEXT] [--rule RULE]…`,
    about,
    words: { min: 2, max: 2 },
    options: { ...REASON, ...SEEN_OPTION, rule: { type: "string", multiple: true } },
    run: (client, [caseId, to], values) => {
      if (!CASE_STATES.some((known) => known === to))
        throw new UsageError(`'${to}': expected one of ${CASE_STATES.join(", ")}`);
      const { rule } = values;
      const body = { to, ...reasonOf(values), ...(rule !== undefined && { rules: rule }) };
      return changeCase(client, { caseId: caseId!, address: "transitions", body }, values);
    },
  });
}

export const move = moving(
  "move",
  "Moves a case on. Where a second person is needed ('show' says so) it is proposed and waits for that person.",
);
export const propose = moving(
  "propose",
  "The same as 'move': whether a second person is needed follows from the state.",
);

export const approve = caseCommand({
  synopsis: "approve CASE PROPOSAL [--reason TEXT]",
  about: "The second pair of eyes: anybody but who proposed it. The case moves at once.",
  words: { min: 2, max: 2 },
  options: { ...REASON, ...SEEN_OPTION },
  run: (client, [caseId, word], values) => {
    const address = `proposals/${numberOf(word, "a proposal")}/approval`;
    return changeCase(client, { caseId: caseId!, address, body: reasonOf(values) }, values);
  },
});

export const reject = caseCommand({
  synopsis: "reject CASE PROPOSAL --reason TEXT",
  about: "The proposal is not followed; who made it may take it back so.",
  words: { min: 2, max: 2 },
  options: { ...REASON, ...SEEN_OPTION },
  run: (client, [caseId, word], values) => {
    const address = `proposals/${numberOf(word, "a proposal")}/rejection`;
    return changeCase(client, { caseId: caseId!, address, body: reasonOf(values) }, values);
  },
});

function reasonOf({ reason }: Values): { readonly reason?: unknown } {
  return reason === undefined ? {} : { reason };
}

function numberOf(word: string | undefined, what: string): number {
  if (word !== undefined && /^[1-9]\d{0,8}$/.test(word)) return Number(word);
  throw new UsageError(`'${word ?? ""}': expected the number of ${what}; 'kadun cases show' prints them`);
}
