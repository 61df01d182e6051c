/** The outbox's way into a gateway: what is taken, what is refused for good, what waits. */

import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { HttpJournalIntake, JournalIntakeError } from "../../../cli/process/journal-intake.js";
import { at, PERSON } from "../../alerts/outcome-records.js";
import { GatewayWorld } from "../../ingest/gateway-world.js";

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.open();
});
afterAll(() => world.close());

const intakeWith = (key: string) =>
  new HttpJournalIntake(() => ({ url: `http://127.0.0.1:${world.port}`, key }));

function feedback(eventId: string, rule = "R01"): string {
  const body = { type: "feedback", eventId, occurredAt: at(0), personKey: PERSON, rule, verdict: "honest" };
  return JSON.stringify(body);
}

test("records are in the journal when they are called stored, and one that is refused is named", async () => {
  const intake = intakeWith(world.key);
  const results = await intake.put("/v1/feedback", [
    feedback("f-1"),
    feedback("f-2", "none"),
    feedback("f-3"),
  ]);
  expect(results).toMatchObject([
    { kind: "stored" },
    { kind: "refused", code: "FIELD_INVALID", reason: expect.stringContaining("rule") },
    { kind: "stored" },
  ]);
  expect(world.journal().map((record) => "eventId" in record && record.eventId)).toEqual(["f-1", "f-3"]);
  expect(await intake.put("/v1/feedback", [feedback("f-4", "none")])).toMatchObject([{ kind: "refused" }]);
});

test("a key that is not let in, an address that is not there and no answer at all are no answers", async () => {
  await expect(intakeWith("kd_wrong").put("/v1/feedback", [feedback("f-5")])).rejects.toThrow(
    "POST /v1/feedback: status 401: KEY_INVALID; the records wait and are sent again",
  );
  const away = new HttpJournalIntake(() => {
    throw new Error("the swipe process does not run");
  });
  await expect(away.put("/v1/feedback", [feedback("f-5")])).rejects.toThrow(JournalIntakeError);
});
