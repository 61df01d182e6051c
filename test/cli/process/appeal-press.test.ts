/** Papers of appeals as PDF: readable, the same bytes again, nothing that blames or names anybody in full. */

import { expect, it } from "@jest/globals";
import { appealPress } from "../../../cli/process/appeal-press.js";
import { PdfkitPrinter } from "../../../platform/pdf/pdfkit/pdfkit-printer.js";
import { appealOf } from "../../../services/alerts/appeals/appeal.js";
import { runningDeadlines } from "../../../services/alerts/appeals/appeal-deadlines.js";
import { paperContent } from "../../../services/alerts/appeals/paper-content.js";
import { type SettledSwipe, swipeFact } from "../../../services/alerts/appeals/swipe-facts.js";
import { calendar, courseTo, placed, policy, SWIPE_AT, SWIPES } from "../../alerts/appeals/appeal-events.js";
import { pdfPages } from "../../support/pdf-text.js";

const press = appealPress(async () => new PdfkitPrinter());

function content() {
  const events = placed(courseTo("decided"));
  const deadlines = runningDeadlines(events, { policy, calendar, earliestSwipeAt: SWIPE_AT });
  const facts = SWIPES.map((decisionId) => {
    const swipe: SettledSwipe = {
      decisionId,
      eventId: decisionId,
      occurredAt: SWIPE_AT,
      credential: "card",
      cardTail: "1234",
      institutionId: "P34180000001",
      totalFen: 48_000,
      accountFen: null,
      rules: [],
    };
    return swipeFact(swipe, [], policy);
  });
  const paper = { number: "SS2026000042", appeal: appealOf(events), facts, deadlines };
  return { ...paperContent("decision", events.at(-1)!, paper, 3), addressee: "王*" };
}

it("says what was decided and what can be done about it, each time with the same bytes", async () => {
  const file = Buffer.from(await press.print(content()));
  const text = pdfPages(file).flat().join("");
  for (const words of [
    "医保申诉决定书",
    "SS2026000042-JD-3",
    "申诉人：王*",
    "决定：支持该笔申诉。",
    "决定：不支持该笔申诉。",
    "个人账户支付金额不详",
    "申请复议",
    "提起诉讼",
    "12393",
  ])
    expect(text).toContain(words);
  expect(text).not.toMatch(/盗|骗|犯罪|违法|过错|冒/);
  expect(Buffer.from(await press.print(content())).equals(file)).toBe(true);
});
