import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { maskedPhone } from "../../../platform/sms-gateway/outbox/masked-phone.js";
import { openSmsOutbox } from "../../../platform/sms-gateway/outbox/sms-outbox.js";
import type { SmsMessage } from "../../../platform/sms-gateway/sms-gateway.js";

const clock = { now: () => Date.UTC(2026, 2, 1), sleep: () => Promise.resolve() };
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-outbox-"));
  path = join(folder, "sent", "sms.ndjson");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function message(smsId: string): SmsMessage {
  return { smsId, phone: "13812341234", template: "challenge", values: [], text: "【医保卡盾】需核验" };
}

function lines(): unknown[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

describe("the SMS outbox", () => {
  it("writes one line an SMS, in order, the phone number masked", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    expect(await Promise.all([outbox.send(message("a")), outbox.send(message("b"))])).toMatchObject([
      { receipt: "accepted" },
      { receipt: "accepted" },
    ]);
    await outbox.close();
    const line = {
      phone: "138****1234",
      template: "challenge",
      text: "【医保卡盾】需核验",
      at: "2026-03-01T00:00:00.000Z",
    };
    expect(lines()).toEqual([
      { smsId: "a", ...line },
      { smsId: "b", ...line },
    ]);
    expect(readFileSync(path, "utf8")).not.toContain("13812341234");
  });

  it("writes an smsId once, also when sent twice at once and after a restart", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    expect(await Promise.all([outbox.send(message("a")), outbox.send(message("a"))])).toMatchObject([
      { receipt: "accepted" },
      { receipt: "known" },
    ]);
    await outbox.close();
    const again = await openSmsOutbox({ path, clock });
    expect(await again.send(message("a"))).toMatchObject({ receipt: "known" });
    expect(await again.send(message("b"))).toMatchObject({ receipt: "accepted" });
    await again.close();
    expect(lines()).toHaveLength(2);
  });

  it("writes hundreds that are sent at once in order, and what comes meanwhile behind them", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    const first = Array.from({ length: 250 }, (_, i) => outbox.send(message(`first-${i}`)));
    await first[0];
    const second = Array.from({ length: 5 }, (_, i) => outbox.send(message(`second-${i}`)));
    const sent = await Promise.all([...first, ...second]);
    expect(new Set(sent.map(({ receipt }) => receipt))).toEqual(new Set(["accepted"]));
    await outbox.close();
    expect(lines().map((line) => (line as SmsMessage).smsId)).toEqual([
      ...Array.from({ length: 250 }, (_, i) => `first-${i}`),
      ...Array.from({ length: 5 }, (_, i) => `second-${i}`),
    ]);
  });

  it.each([1, 20, 70])(
    "cuts off a last line of which %d bytes were written, and sends it again",
    async (bytes) => {
      const outbox = await openSmsOutbox({ path, clock });
      await outbox.send(message("a"));
      await outbox.close();
      const whole = readFileSync(path, "utf8");
      appendFileSync(path, Buffer.from(whole.replace('"a"', '"b"')).subarray(0, bytes));
      const again = await openSmsOutbox({ path, clock });
      expect(readFileSync(path, "utf8")).toBe(whole);
      expect(await again.send(message("b"))).toMatchObject({ receipt: "accepted" });
      await again.close();
      expect(lines()).toMatchObject([{ smsId: "a" }, { smsId: "b" }]);
    },
  );

  it("knows the ids of a file longer than one read, with characters across its borders", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    const text = "医保卡盾".repeat(40);
    for (let i = 0; i < 300; i++) await outbox.send({ ...message(`sms-${i}`), text });
    await outbox.close();
    const again = await openSmsOutbox({ path, clock });
    for (let i = 0; i < 300; i++)
      expect(await again.send(message(`sms-${i}`))).toMatchObject({ receipt: "known" });
    await again.close();
    expect(lines()).toHaveLength(300);
  });

  it("refuses a file with a line that is none of its own, and leaves it as it is", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    await outbox.send(message("a"));
    await outbox.close();
    const spoiled = `${readFileSync(path, "utf8")}{"smsId":3}\n`;
    writeFileSync(path, spoiled);
    await expect(openSmsOutbox({ path, clock })).rejects.toMatchObject({
      code: "CORRUPT",
      message: expect.stringContaining("line 2"),
    });
    expect(readFileSync(path, "utf8")).toBe(spoiled);
  });

  it("closes once what is under way is written; later messages are refused", async () => {
    const outbox = await openSmsOutbox({ path, clock });
    const sent = outbox.send(message("a"));
    await Promise.all([outbox.close(), outbox.close()]);
    expect(await sent).toMatchObject({ receipt: "accepted" });
    await expect(outbox.send(message("b"))).rejects.toMatchObject({ code: "CLOSED" });
    expect(lines()).toHaveLength(1);
  });
});

describe("a masked phone number", () => {
  it.each([
    ["13812341234", "138****1234"],
    ["+8613812341234", "138****1234"],
    ["138 1234 1234", "138****1234"],
    ["057112345678", "057****5678"],
    ["12393", "****"],
    ["", "****"],
    ["not a number", "****"],
  ])("of %s is %s", (phone, masked) => {
    expect(maskedPhone(phone)).toBe(masked);
  });
});
