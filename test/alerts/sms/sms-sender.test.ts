import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { silentLogger } from "../../../platform/logger/logger.js";
import { openSmsOutbox } from "../../../platform/sms-gateway/outbox/sms-outbox.js";
import { type SmsGateway, SmsGatewayError, type SmsSent } from "../../../platform/sms-gateway/sms-gateway.js";
import { SmsSender } from "../../../services/alerts/sms/sms-sender.js";
import { AlertsDesk, logClock } from "../alerts-desk.js";
import { at, challenged, OTHER_PERSON, PERSON, rejected } from "../outcome-records.js";

const PHONES: Readonly<Record<string, string>> = { [PERSON]: "13812341234" };

let desk: AlertsDesk;
let outboxPath: string;
beforeAll(async () => {
  desk = await AlertsDesk.open();
  outboxPath = join(desk.folder, "sms.ndjson");
});
afterEach(async () => {
  rmSync(outboxPath, { force: true });
  await desk.empty();
});
afterAll(() => desk.close());

const three = [
  rejected("s-2", { occurredAt: at(30) }),
  challenged("s-1"),
  challenged("s-3", { personKey: OTHER_PERSON }),
];

function senderOf(gateway: SmsGateway, contactOf = contact, clock = logClock) {
  const statuses: string[] = [];
  const { database } = desk;
  const onStatus = (status: string) => statuses.push(status);
  const sender = new SmsSender({ database, gateway, contactOf, clock, logger: silentLogger, onStatus });
  return { sender, statuses };
}

async function contact(personKey: string) {
  const phone = PHONES[personKey];
  return phone === undefined ? null : { phone };
}

/** A gateway whose answers a test gives. */
function gatewayOf(answer: (smsId: string) => SmsSent["receipt"]): SmsGateway & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    send: async ({ smsId }) => {
      asked.push(smsId.slice(-5, -2));
      return { receipt: answer(smsId), providerId: null };
    },
    close: async () => {},
  };
}

async function ledger() {
  const rows = await desk.tables
    .selectFrom("sms")
    .selectAll()
    .orderBy("created_at")
    .orderBy("sms_id")
    .execute();
  return rows.map((row) => `${row.sms_id.slice(-5, -2)} ${row.status} ${row.attempts}`);
}

const outboxLines = () => readFileSync(outboxPath, "utf8").trimEnd().split("\n");
const running = () => new AbortController().signal;

describe("the sender", () => {
  it.each([
    { remembers: true, most: 64 },
    { remembers: undefined, most: 1 },
  ] as const)(
    "hands over $most at once to a gateway that remembers: $remembers, of one person one after the other",
    async ({ remembers, most }) => {
      const persons = Array.from({ length: 80 }, (_, i) => i.toString(16).padStart(12, "0").padEnd(32, "a"));
      const settles = persons.flatMap((personKey) => [
        rejected("s-1", { personKey }),
        rejected("s-2", { personKey, occurredAt: at(30) }),
      ]);
      await desk.consume(settles);
      const [underWay, seen] = [new Set<string>(), new Map<string, string>()];
      let together = 0;
      const gateway: SmsGateway = {
        ...(remembers && { remembers }),
        send: async ({ smsId }) => {
          const person = smsId.slice(4, 16);
          expect(underWay).not.toContain(person);
          underWay.add(person);
          together = Math.max(together, underWay.size);
          await new Promise((resolve) => setImmediate(resolve));
          underWay.delete(person);
          seen.set(person, `${seen.get(person) ?? ""} ${smsId.slice(-5, -2)}`);
          return { receipt: "accepted", providerId: null };
        },
        close: async () => {},
      };
      const { sender, statuses } = senderOf(gateway, async () => ({ phone: "13812341234" }));
      while ((await sender.sendQueued(running())) > 0);
      expect(together).toBe(most);
      expect(statuses).toHaveLength(160);
      expect(new Set(seen.values())).toEqual(new Set([" s-1 s-2"]));
    },
  );

  it("that stood still in a message sends none again that another has sent meanwhile", async () => {
    await desk.consume(three);
    const other = gatewayOf(() => "accepted");
    const stood = gatewayOf(() => "accepted");
    const standing: SmsGateway = {
      ...stood,
      send: async (message) => {
        const receipt = await stood.send(message);
        // Its turn has gone to another process, and it does not know yet.
        await senderOf(other).sender.sendQueued(running());
        return receipt;
      },
    };
    await senderOf(standing).sender.sendQueued(running());
    expect({ stood: stood.asked, other: other.asked }).toEqual({ stood: ["s-1"], other: ["s-2"] });
  });

  it("sends in the order of the events and says what became of each", async () => {
    await desk.consume(three);
    const gateway = gatewayOf(() => "accepted");
    const { sender, statuses } = senderOf(gateway);
    expect(await sender.sendQueued(running())).toBe(3);
    expect(gateway.asked).toEqual(["s-1", "s-2"]);
    expect(statuses).toEqual(["sent", "no-contact", "sent"]);
    expect(await ledger()).toEqual(["s-1 sent 1", "s-3 no-contact 0", "s-2 sent 1"]);
    const { sent_at } = await desk.tables
      .selectFrom("sms")
      .select("sent_at")
      .where("status", "=", "sent")
      .executeTakeFirstOrThrow();
    expect(sent_at).toEqual(new Date(logClock.now()));
    expect(await sender.sendQueued(running())).toBe(0);
  });

  it("killed between the outbox and the ledger, sends nothing twice", async () => {
    await desk.consume(three);
    const before = await openSmsOutbox({ path: outboxPath, clock: logClock });
    await senderOf(before).sender.sendQueued(running());
    await before.close();
    // The ledger's update was lost with the process.
    await desk.tables.updateTable("sms").set({ status: "queued", sent_at: null }).execute();
    const after = await openSmsOutbox({ path: outboxPath, clock: logClock });
    await senderOf(after).sender.sendQueued(running());
    await after.close();
    expect(await ledger()).toEqual(["s-1 sent 2", "s-3 no-contact 0", "s-2 sent 2"]);
    expect(outboxLines()).toHaveLength(2);
  });

  it("goes on after a message that the gateway refuses for good", async () => {
    await desk.consume(three);
    const gateway = gatewayOf((smsId) => {
      if (smsId.includes("s-1")) throw new SmsGatewayError("REFUSED", "no such number");
      return "accepted";
    });
    await senderOf(gateway).sender.sendQueued(running());
    expect(await ledger()).toEqual(["s-1 failed 1", "s-3 no-contact 0", "s-2 sent 1"]);
  });

  it("waits for a gateway and a vault that are not working, longer each time, and loses nothing", async () => {
    await desk.consume(three);
    const stop = new AbortController();
    const waits: number[] = [];
    let outages = 5;
    const fail = () => {
      outages--;
      throw new SmsGatewayError("UNAVAILABLE", "down", { retryable: true });
    };
    const clock = {
      now: logClock.now,
      sleep: async (ms: number) => {
        if (outages === 0 && ms === 200) stop.abort();
        waits.push(ms);
      },
    };
    const gateway = gatewayOf(() => (outages > 0 ? fail() : "accepted"));
    const vault = (personKey: string) => (outages > 3 ? fail() : contact(personKey));
    await senderOf(gateway, vault, clock).sender.run(stop.signal);
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 200]);
    expect(await ledger()).toEqual(["s-1 sent 4", "s-3 no-contact 0", "s-2 sent 1"]);
  });

  it("leaves no phone number in ledger and outbox", async () => {
    await desk.consume(three);
    const outbox = await openSmsOutbox({ path: outboxPath, clock: logClock });
    await senderOf(outbox).sender.sendQueued(running());
    await outbox.close();
    const left = JSON.stringify(await desk.rows()) + readFileSync(outboxPath, "utf8");
    expect(left).not.toContain(PHONES[PERSON]);
    expect(outboxLines().map((line) => JSON.parse(line).phone)).toEqual(["138****1234", "138****1234"]);
  });
});
