/** Killed at every single step of sending and asking, once each: no message twice, none lost. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { SmsGateway } from "../../../platform/sms-gateway/sms-gateway.js";
import { resolveSms } from "../../../services/alerts/sms/resolve-sms.js";
import { AlertsDesk } from "../alerts-desk.js";
import { OTHER_PERSON } from "../outcome-records.js";
import { Life } from "./mortal-database.js";
import { SmsDesk } from "./sms-desk.js";
import { type Accident, SmsProvider } from "./sms-provider.js";

let desk: AlertsDesk;
beforeAll(async () => {
  desk = await AlertsDesk.open();
});
afterEach(() => desk.empty());
afterAll(() => desk.close());

/** Of a process: asked in vain, asked when "not there" means something, sent again; the same once more. */
const MINUTES_OF_ASKING = [0, 3, 17, 18, 35, 36];
const MINUTES_OF_SENDING = [0, 1];
/** More would be a sender that does not come to an end. */
const STEPS_MAX = 200;

/** A provider that is called by a process which may die before the call, or before it learns the answer. */
function calledIn(life: Life, provider: SmsProvider): SmsGateway {
  const { query } = provider;
  return {
    ...(provider.remembers && { remembers: true }),
    send: async (message) => {
      life.step();
      const sent = await provider.send(message);
      life.step();
      return sent;
    },
    ...(query && {
      query: async (question) => {
        life.step();
        const fate = await query(question);
        life.step();
        return fate;
      },
    }),
    close: async () => {},
  };
}

/** One process: what it does in some minutes, or until it dies. */
async function live(sms: SmsDesk, life: Life, provider: SmsProvider): Promise<void> {
  const gateway = calledIn(life, provider);
  const database = life.database(desk.database);
  const sender = sms.sender(gateway, database);
  const asker = sms.asker(gateway, database);
  const startMs = sms.nowMs;
  for (const minute of provider.query === undefined ? MINUTES_OF_SENDING : MINUTES_OF_ASKING) {
    sms.nowMs = startMs + minute * 60_000;
    // An outage is waited for; a death is the end.
    for (let tries = 0; tries < 3 && !life.isDead; tries++)
      await sender.sendQueued(sms.signal).then(
        () => (tries = 3),
        () => {},
      );
    if (!life.isDead) await asker.askDue().catch(() => {});
    if (life.isDead) return;
  }
}

async function order(sms: SmsDesk): Promise<void> {
  await desk.tables.deleteFrom("sms").execute();
  await sms.enqueue("a");
  await sms.enqueue("b");
  await sms.enqueue("c", { personKey: OTHER_PERSON });
}

describe("killed at each step in turn", () => {
  it.each<{ kind: string; provider: () => SmsProvider; accidents: Accident[] }>([
    {
      kind: "a gateway that remembers",
      provider: () => new SmsProvider({ remembers: true, canBeAsked: false }),
      accidents: ["taken-unanswered"],
    },
    {
      kind: "a gateway that can be asked",
      provider: () => new SmsProvider(),
      accidents: ["taken-unanswered", "lost-unanswered"],
    },
  ])("with $kind each message arrives once", async ({ provider: newProvider, accidents }) => {
    let steps = 0;
    for (let isOver = false; !isOver; ) {
      const sms = new SmsDesk(desk);
      await order(sms);
      const provider = newProvider();
      provider.accidents = [...accidents];
      const life = new Life(++steps);
      await live(sms, life, provider);
      isOver = !life.isDead;
      await live(sms, new Life(null), provider);
      const found = { step: steps, delivered: Object.fromEntries(provider.delivered) };
      expect(found).toEqual({ step: steps, delivered: { a: 1, b: 1, c: 1 } });
      for (const status of Object.values(await sms.states())) expect(status).toMatch(/^(sent|delivered)$/);
      expect(steps).toBeLessThan(STEPS_MAX);
    }
    expect(steps).toBeGreaterThan(20);
  });

  it("with a gateway that can do neither none arrives twice, and a person tells of one at most", async () => {
    let [steps, told] = [0, 0];
    for (let isOver = false; !isOver; ) {
      const sms = new SmsDesk(desk);
      await order(sms);
      const provider = new SmsProvider({ canBeAsked: false });
      const life = new Life(++steps);
      await live(sms, life, provider);
      isOver = !life.isDead;
      await live(sms, new Life(null), provider);
      const unknown = Object.entries(await sms.states()).filter(([, status]) => status === "unknown");
      expect(unknown.length).toBeLessThanOrEqual(1);
      for (const [smsId] of unknown) {
        told++;
        const as = provider.delivered.has(smsId) ? "sent" : "again";
        await resolveSms(desk.database, { smsId, as, actor: "王经办", nowMs: sms.nowMs });
      }
      await live(sms, new Life(null), provider);
      expect({ step: steps, ...Object.fromEntries(provider.delivered) }).toEqual({
        step: steps,
        a: 1,
        b: 1,
        c: 1,
      });
      expect(steps).toBeLessThan(STEPS_MAX);
    }
    expect(told).toBeGreaterThan(3);
  });
});
