/** Alerts of the database in the shape of the platform's audit results. */

import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { auditResult } from "../../schemas/national/audit-result.js";
import { AUDIT_PAGE_ALERTS_MAX, auditPage } from "../../services/alerts/audit-export.js";
import { AlertsDesk } from "./alerts-desk.js";
import { challenged, PERSON, reason, rejected, reviewed, revision } from "./outcome-records.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

test("each rule of a standing alert is a result; what a revision replaced is none", async () => {
  const late = reviewed("s-2");
  const two = challenged("s-3", {
    reasons: [reason("R09"), reason("R16"), reason("R12", { mode: "shadow" })],
  });
  const corrected = revision(late, 1, { action: "reject", reasons: [reason("R01")] });
  await desk.consume([rejected("s-1"), late, two, corrected]);
  const { results, after } = await auditPage(desk.database, null);
  expect(after).toBeNull();
  for (const result of results) expect(auditResult.parse(result)).toEqual(result);
  const person = PERSON.slice(0, 12);
  expect(results.map(({ jr_id }) => jr_id)).toEqual([
    `${person}-s-1-0-R01`,
    `${person}-s-2-1-R01`,
    `${person}-s-3-0-R09`,
    `${person}-s-3-0-R16`,
  ]);
  expect(results[0]).toMatchObject({
    rule_id: "R01",
    rule_name: "挂失生效后使用凭证",
    patn_id: PERSON,
    vola_amt: 400,
    vola_amt_stas: "正常",
    sev_deg: "高度可疑",
    task_id: `${PERSON}-1`,
  });
  expect(results[0]!.vola_evid).toContain(
    `判定${person}-s-1-0；报文s-1；类型settle；发生时间2026-03-01T10:00:00.000+08:00`,
  );
});

test("of a case without a decision of this database the amount is not known", async () => {
  await desk.consume([revision(rejected("elsewhere"), 1, { action: "reject", reasons: [reason("R04")] })]);
  const { results } = await auditPage(desk.database, null);
  expect(results).toMatchObject([{ rule_id: "R04", vola_amt: 0, vola_amt_stas: "未知" }]);
});

test("pages follow each other without a gap or a repeat", async () => {
  const count = AUDIT_PAGE_ALERTS_MAX + 7;
  await desk.consume(Array.from({ length: count }, (_, i) => rejected(`s-${i}`)));
  const ids: string[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const page = await auditPage(desk.database, after);
    ids.push(...page.results.map(({ jr_id }) => jr_id));
    after = page.after;
    pages++;
  } while (after !== null);
  expect([pages, ids.length, new Set(ids).size]).toEqual([2, count, count]);
});
