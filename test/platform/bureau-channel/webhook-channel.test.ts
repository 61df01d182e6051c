/** The bureau's web-hook: signed, once by its key, and what each answer means. */

import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { isSignedBy, signatureOf } from "../../../platform/bureau-channel/webhook/signature.js";
import { webhookChannel } from "../../../platform/bureau-channel/webhook/webhook-channel.js";
import { bureauChannelContract, notice } from "./bureau-channel.contract.js";
import { BureauDesk, SECRET, type Trouble } from "./bureau-desk.js";

const NOW_MS = Date.UTC(2026, 2, 1, 2);
const clock = { now: () => NOW_MS, sleep: () => Promise.resolve() };
const opened = (desk: BureauDesk, secret: Uint8Array = SECRET) =>
  webhookChannel({ url: desk.url, secret, clock });
/** For a bureau that never answers. */
const hasty = (desk: BureauDesk) =>
  webhookChannel({ url: desk.url, secret: SECRET, clock, timeLimitMs: 2_000 });

bureauChannelContract("web-hook", async () => {
  const desk = await BureauDesk.open(() => NOW_MS);
  return {
    open: async () => opened(desk),
    received: async () => [...desk.reports.values()].map((body) => JSON.parse(body)),
    end: () => desk.close(),
  };
});

describe("the web-hook", () => {
  let desk: BureauDesk;
  beforeEach(async () => {
    desk = await BureauDesk.open(() => NOW_MS);
  });
  afterEach(() => desk.close());

  it("is signed by HMAC-SHA256 over time stamp and body, under its idempotency key", async () => {
    await opened(desk).report(notice("r-1"));
    const body = JSON.stringify(notice("r-1"));
    expect(desk.requests).toEqual([
      { key: "r-1", isSigned: true, body, signature: signatureOf(SECRET, String(NOW_MS / 1000), body) },
    ]);
  });

  it("says what the bureau says of its own acceptance", async () => {
    const acceptance = {
      receiptNo: "浙医保挂20260301-7",
      acceptedAt: "2026-03-01T10:00:05+08:00",
      effectiveAt: "2026-03-02T10:00:00.000+08:00",
    };
    desk.decide = () => ({ status: 201, body: { ...acceptance, more: "is dropped" } });
    expect(await opened(desk).report(notice("r-1"))).toEqual({ kind: "accepted", ...acceptance });
    desk.decide = () => ({ status: 200, body: {} });
    expect(await opened(desk).report(notice("r-1"))).toEqual({
      kind: "accepted",
      receiptNo: null,
      acceptedAt: null,
      effectiveAt: null,
    });
    desk.decide = () => ({ status: 202 });
    expect(await opened(desk).report(notice("r-1"))).toEqual({ kind: "taken" });
  });

  it.each([400, 409, 422])("takes %d as refused for good", async (status) => {
    desk.decide = () => ({ status, body: { code: "NO_SUCH_PERSON", reason: "查无此人" } });
    const refused = { kind: "refused", code: "NO_SUCH_PERSON", reason: "查无此人" };
    expect(await opened(desk).report(notice("r-1"))).toEqual(refused);
    desk.decide = () => ({ status, body: "no object" });
    expect(await opened(desk).report(notice("r-1"))).toEqual({
      kind: "refused",
      code: `HTTP_${status}`,
      reason: "",
    });
  });

  it.each([301, 401, 403, 404, 429, 500, 503])(
    "takes %d as not taken: an operator mends it",
    async (status) => {
      desk.decide = () => ({ status });
      await expect(opened(desk).report(notice("r-1"))).rejects.toMatchObject({
        code: "UNAVAILABLE",
        retryable: true,
      });
    },
  );

  it("with a wrong secret is not taken", async () => {
    await expect(opened(desk, Buffer.alloc(32, 8)).report(notice("r-1"))).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
    expect(desk.reports.size).toBe(0);
  });

  const unanswered: readonly Trouble[] = ["hang", "cut-before", "cut-after", "half-a-body"];
  it.each(unanswered)(
    "that is not answered (%s) may have been taken, and is once when sent again",
    async (trouble) => {
      desk.trouble = (request) => (request === 1 ? trouble : null);
      const first = trouble === "hang" ? hasty(desk) : opened(desk);
      await expect(first.report(notice("r-1"))).rejects.toMatchObject({
        code: "UNANSWERED",
        retryable: true,
      });
      expect((await opened(desk).report(notice("r-1"))).kind).toBe("accepted");
      expect([...desk.reports.keys()]).toEqual(["r-1"]);
    },
  );

  it.each([
    ["a time that is none", { acceptedAt: "yesterday" }],
    ["a number of 3,000 characters", { receiptNo: "9".repeat(3_000) }],
    ["more than anybody needs", { receiptNo: "1", more: "x".repeat(20_000) }],
  ])("answered with %s is asked again rather than believed", async (_what, body) => {
    desk.decide = () => ({ status: 200, body });
    await expect(opened(desk).report(notice("r-1"))).rejects.toMatchObject({ code: "UNANSWERED" });
  });

  it("where nobody listens was not taken", async () => {
    const gone = await BureauDesk.open(() => NOW_MS);
    const { url } = gone;
    await gone.close();
    const channel = webhookChannel({ url, secret: SECRET, clock });
    await expect(channel.report(notice("r-1"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });

  it("passes no network in clear, and has no short secret", () => {
    const secret = SECRET;
    expect(() => webhookChannel({ url: "http://bureau.example/", secret, clock })).toThrow("https://");
    expect(() =>
      webhookChannel({ url: "https://bureau.example/", secret: secret.subarray(1), clock }),
    ).toThrow("31 bytes, at least 32");
  });
});

describe("a signature", () => {
  const [timestamp, body] = [String(NOW_MS / 1000), "{}"];
  const right = { timestamp, body, signature: signatureOf(SECRET, timestamp, body) };
  const rows: readonly [string, Partial<typeof right>, number, boolean][] = [
    ["of this moment", {}, NOW_MS, true],
    ["five minutes old", {}, NOW_MS + 300_000, true],
    ["older", {}, NOW_MS + 301_000, false],
    ["of the future", {}, NOW_MS - 301_000, false],
    ["of another body", { body: "{ }" }, NOW_MS, false],
    ["of another time", { timestamp: String(NOW_MS / 1000 + 1) }, NOW_MS, false],
    ["of no time", { timestamp: "NaN" }, NOW_MS, false],
    ["cut short", { signature: right.signature.slice(0, -1) }, NOW_MS, false],
    ["that is none", { signature: "" }, NOW_MS, false],
  ];
  it.each(rows)("%s", (_what, fields, nowMs, isGood) => {
    expect(isSignedBy(SECRET, { ...right, ...fields }, nowMs)).toBe(isGood);
  });
});
