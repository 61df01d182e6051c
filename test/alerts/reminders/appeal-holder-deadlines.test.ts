/** Deadlines of appeals that are the holders' own, as reminders ask for them. */

import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { formatInstant } from "../../../schemas/instant.js";
import { holderDeadlines } from "../../../services/alerts/reminders/appeal-holder-deadlines.js";
import { calendar, FIRST, policy } from "../appeals/appeal-events.js";
import { AppealsWorld, decisionIdOf, threeSwipes } from "../appeals/appeals-world.js";
import { PERSON } from "../outcome-records.js";

let world: AppealsWorld;
beforeAll(async () => {
  world = await AppealsWorld.open();
});
beforeEach(async () => {
  const { desk } = world;
  await desk.empty();
  await sql`truncate appeals, appeal_events, appeal_secrets, appeal_documents, appeal_papers, appeal_escalations,
    appeal_reversals, journal_outbox, audit_log restart identity`.execute(desk.tables);
  world.nowMs = Date.parse("2026-03-02T09:00:00.000+08:00");
  await desk.consume(threeSwipes());
});
afterAll(() => world.desk.close());

const dueNow = async () => {
  const deadlines = await holderDeadlines(world.desk.tables, { policy, calendar });
  return deadlines.map(
    ({ deadlineId, dueAtMs }) => `${deadlineId.split(" ")[1]} ${formatInstant(dueAtMs).slice(0, 10)}`,
  );
};

test("a draft is to be handed in by its earliest swipe, one that claims none by no day", async () => {
  await world.draft();
  expect(await dueNow()).toEqual(["appeal 2026-08-29"]);
  await world.draft([]);
  expect(await dueNow()).toEqual([]);
});

test("what the office has to do is nobody's reminder", async () => {
  await world.submitted();
  expect(await dueNow()).toEqual([]);
});

test("papers are to be brought, and no more once they are; the code is the case's", async () => {
  const { appealId } = await world.submitted();
  await world.office(appealId, { type: "return", by: FIRST, what: "补充身份证复印件" });
  const [deadline, ...others] = await holderDeadlines(world.desk.tables, { policy, calendar });
  expect(others).toEqual([]);
  expect(deadline).toMatchObject({
    personKey: PERSON,
    caseCode: expect.stringMatching(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/),
  });
  expect(await holderDeadlines(world.desk.tables, { policy, calendar })).toEqual([deadline]);
  await world.holder.supplement(PERSON, appealId, "supplement-1");
  expect(await dueNow()).toEqual([]);
});

test("a decision leaves time for a reconsideration; the lawsuit is not reminded of", async () => {
  await world.decided({ [decisionIdOf(1)]: "rejected", [decisionIdOf(2)]: "rejected" });
  expect((await dueNow()).map((text) => text.split(" ")[0])).toEqual(["reconsideration"]);
});
