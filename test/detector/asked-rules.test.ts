/**
 * Which rules a swipe is put to: those it can trigger, by its kind, its link to an authorize, and whether the person has
 * card-status records. No decision says so: a rule that is asked in vain finds nothing.
 */

import { describe, expect, test } from "@jest/globals";
import { DetectorBundle } from "../../services/detector/bundle.js";
import { Feeds } from "../../services/detector/feeds.js";
import { judge } from "../../services/detector/judge.js";
import { Judging } from "../../services/detector/judging.js";
import { RULES } from "../../services/detector/rules/registry.js";
import type { AnyRule } from "../../services/detector/rules/rule.js";
import { compileRuleset } from "../../services/detector/ruleset.js";
import { ShadowDraft } from "../../services/detector/shadow.js";
import { Kind } from "../../services/detector/swipe.js";
import { defaultBundle, judgeRecords } from "../support/judge.js";
import { standalonePerson, swipeOf } from "../support/person.js";
import { at, MINUTE_MS, rawFact, rawStatus, rawSwipe, START_MS } from "../support/records.js";

const asked: string[] = [];

/** The same rule, noting that it was asked. */
function noting(rule: AnyRule): AnyRule {
  return {
    ...rule,
    evaluate(judging, params) {
      asked.push(rule.id);
      return rule.evaluate(judging, params);
    },
  };
}

const NOTING_RULES = RULES.map(noting);

/** @param changed rules of another version than the default's. */
function notingBundle(changed: readonly string[] = []) {
  const { content } = defaultBundle;
  const rules = content.ruleset.rules.map((row) =>
    changed.includes(row.id) ? { ...row, version: row.version + 1 } : row,
  );
  const options = { registry: NOTING_RULES, regions: content.regions };
  const compiled = compileRuleset({ ...content.ruleset, rules }, options);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return { ...defaultBundle, bundle: new DetectorBundle({ ...content, ...compiled, hash: "noting" }) };
}

const noted = notingBundle();

/** The rules that the last of the records, all of one person, is put to. */
function askedOf(records: readonly object[]): string {
  judgeRecords(records.slice(0, -1), noted);
  const ofOthers = asked.splice(0).length;
  judgeRecords(records, noted);
  return asked.splice(0).slice(ofOthers).join(" ");
}

const CARD_STATE = "R01 R02 R03 R04 R05 R06 R07";
const PINS = "R08 R09 R10";
const PURCHASES = "R12 R13 R14 R15 R16 R17 R19 R20 R21";

/** Makes the person one with card-status records and finds nothing in the swipes below. */
const CARD_EVENT = rawStatus({ action: "activate", cardNumber: "CARD-0001" });
const AUTHORIZE = rawSwipe({ eventId: "authorize", kind: "authorize" });
const LINKED = rawSwipe({ originalEventId: "authorize", occurredAt: at(START_MS + MINUTE_MS) });
const UNLINKED = rawSwipe({ originalEventId: "unknown" });
const SETTLE = rawSwipe({ eventId: "settle" });
const LATER = { occurredAt: at(START_MS + MINUTE_MS) };
const WRONG_PIN = rawSwipe({ kind: "pin-check", pin: "wrong" });

describe("a person without card-status records", () => {
  test.each<[string, readonly object[], string]>([
    ["a settle: R08–R21", [rawSwipe()], `${PINS} ${PURCHASES}`],
    ["an authorize: R08–R21", [AUTHORIZE], `${PINS} ${PURCHASES}`],
    ["a settle that names no known authorize: R08–R21", [UNLINKED], `${PINS} ${PURCHASES}`],
    ["a settle linked to its authorize: none", [AUTHORIZE, LINKED], ""],
    ["a PIN check: R08–R10", [WRONG_PIN], PINS],
    ["a cancel: R20", [SETTLE, rawSwipe({ kind: "cancel", originalEventId: "settle", ...LATER })], "R20"],
    ["a reverse: R20", [SETTLE, rawSwipe({ kind: "reverse", originalEventId: "settle", ...LATER })], "R20"],
    ["a query: none", [rawSwipe({ kind: "query" })], ""],
    ["a repeat: none", [SETTLE, SETTLE], ""],
    ["a fact about the person: none", [SETTLE, rawFact(LATER)], ""],
    ["a card-status record where no swipe is kept: none", [CARD_EVENT], ""],
  ])("%s", (_, records, expected) => {
    expect(askedOf(records)).toBe(expected);
  });
});

describe("a person with card-status records", () => {
  test.each<[string, readonly object[], string]>([
    ["a settle: all", [rawSwipe()], `${CARD_STATE} ${PINS} ${PURCHASES}`],
    ["an authorize: all", [AUTHORIZE], `${CARD_STATE} ${PINS} ${PURCHASES}`],
    ["a settle linked to its authorize: R01–R07", [AUTHORIZE, LINKED], CARD_STATE],
    ["a PIN check: R01–R10", [WRONG_PIN], `${CARD_STATE} ${PINS}`],
    ["a cancel: R20", [SETTLE, rawSwipe({ kind: "cancel", originalEventId: "settle", ...LATER })], "R20"],
    ["a query: R01–R07", [rawSwipe({ kind: "query" })], CARD_STATE],
  ])("%s", (_, records, expected) => {
    expect(askedOf([CARD_EVENT, ...records])).toBe(expected);
  });
});

test("a card-status record puts R01–R07 to each kept settle from its report on, and no other rule", () => {
  const settles = ["s-1", "s-2"].map((eventId) => rawSwipe({ eventId, ...LATER }));
  const before = rawSwipe({ eventId: "before", occurredAt: at(START_MS - MINUTE_MS) });
  expect(askedOf([before, ...settles, rawStatus()])).toBe(`${CARD_STATE} ${CARD_STATE}`);
});

test("of a draft in shadow, the rules that differ and that the swipe can trigger", () => {
  const { bundle } = noted;
  const draft = new ShadowDraft(notingBundle(["R01", "R10", "R14"]).bundle, bundle);
  const askedOfDraft = (kind: number) => {
    const judging = new Judging(swipeOf({ kind }), standalonePerson(), bundle);
    const judgement = judge(judging, new Feeds());
    asked.length = 0;
    draft.ask(judging, judgement);
    return asked.splice(0).join(" ");
  };
  expect(askedOfDraft(Kind.SETTLE)).toBe("R10 R14");
  expect(askedOfDraft(Kind.PIN_CHECK)).toBe("R10");
  expect(askedOfDraft(Kind.QUERY)).toBe("");
});
