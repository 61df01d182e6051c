/** What every SMS gateway does (platform/sms-gateway/sms-gateway.ts), as tests. */

import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import {
  type SmsFate,
  type SmsGateway,
  SmsGatewayError,
  type SmsMessage,
} from "../../platform/sms-gateway/sms-gateway.js";
import { Behaviours, type Deviations, type Lacking } from "./behaviours.js";

/** A gateway and what is behind it. */
export interface SmsRoom {
  /** Opens the gateway; the one opened before is closed. */
  open(): Promise<SmsGateway>;
  /** smsIds that a phone gets, as often as it does, in order. */
  sent(): readonly string[];
  /** Everything that it wrote on this machine. */
  readonly written: Written | Lacking;
  readonly accidents: Accidents | Lacking;
  readonly fates: Fates | Lacking;
  remove(): Promise<void>;
}

export interface Written {
  all(): string;
}

/** What can go wrong with the next message. */
export interface Accidents {
  loseAnswer(): void;
  breakBefore(): void;
  throttle(): void;
  refuse(): void;
  /** Holds the answer back. @returns lets it go. */
  holdAnswer(): () => void;
  /** One for each message, in order; the same where it was the same connection. */
  connections(): readonly unknown[];
  /** Nobody is there any more. */
  stop(): Promise<void>;
}

export interface Fates {
  deliver(smsId: string): void;
  fail(smsId: string, code: string): void;
  /** So long later the operator's records are certain. */
  settle(): void;
}

export interface SmsHarness {
  create(): Promise<SmsRoom>;
  readonly remembers: { readonly has: true } | Lacking;
  readonly written: { readonly has: true } | Lacking;
  readonly accidents: { readonly has: true } | Lacking;
  readonly fates: { readonly has: true } | Lacking;
  readonly deviations?: Deviations;
}

export const PHONE = "13812341234";
const CODE = "824613";
export const SENT_AT_MS = Date.UTC(2026, 2, 2, 4);

export function message(smsId: string, overrides: Partial<SmsMessage> = {}): SmsMessage {
  const values = [
    { name: "place", value: "杭州" },
    { name: "code", value: CODE },
  ];
  return { smsId, phone: PHONE, template: "login-code", values, text: `【医保卡盾】${CODE}`, ...overrides };
}

export function describeSmsGateway(name: string, harness: SmsHarness): void {
  describe(`${name} is an SMS gateway`, () => {
    const behaviours = new Behaviours(harness.deviations);
    const { behaviour } = behaviours;
    let room: SmsRoom;
    let gateway: SmsGateway;

    beforeEach(async () => {
      room = await harness.create();
      gateway = await room.open();
    });
    afterEach(async () => {
      await gateway.close();
      await room.remove();
    });

    const accidents = () => has(room.accidents);
    const fates = () => has(room.fates);
    const fateOf = async (smsId: string, providerId: string | null): Promise<SmsFate> =>
      gateway.query!({ smsId, phone: PHONE, providerId, sentAtMs: SENT_AT_MS });

    behaviour("messages sent one after another are there in their order", async () => {
      for (const smsId of ["a", "b", "c"])
        expect(await gateway.send(message(smsId))).toMatchObject({ receipt: "accepted" });
      expect(room.sent()).toEqual(["a", "b", "c"]);
    });

    behaviour("of many sent at once each is there once", async () => {
      const smsIds = Array.from({ length: 40 }, (_, i) => `sms-${i}`);
      await Promise.all(smsIds.map((smsId) => gateway.send(message(smsId))));
      expect([...room.sent()].sort()).toEqual([...smsIds].sort());
    });

    behaviours.needing(harness.remembers, "what it has it knows again, also after a restart", async () => {
      expect(gateway.remembers).toBe(true);
      await gateway.send(message("a"));
      expect(await gateway.send(message("a"))).toMatchObject({ receipt: "known" });
      await gateway.close();
      gateway = await room.open();
      expect(await gateway.send(message("a"))).toMatchObject({ receipt: "known" });
      expect(room.sent()).toEqual(["a"]);
    });

    behaviours.needing(
      harness.accidents,
      "an answer that is lost is UNANSWERED, and nothing is sent again",
      async () => {
        accidents().loseAnswer();
        expect(await failureOf(gateway.send(message("a")))).toMatchObject({
          code: "UNANSWERED",
          retryable: false,
        });
        expect(room.sent()).toEqual(["a"]);
      },
    );

    behaviours.needing(harness.accidents, "a connection that breaks half-way is UNANSWERED", async () => {
      accidents().breakBefore();
      expect(await failureOf(gateway.send(message("a")))).toMatchObject({
        code: "UNANSWERED",
        retryable: false,
      });
    });

    behaviours.needing(
      harness.accidents,
      "where nobody is there it is UNAVAILABLE, and can be tried again",
      async () => {
        await accidents().stop();
        expect(await failureOf(gateway.send(message("a")))).toMatchObject({
          code: "UNAVAILABLE",
          retryable: true,
        });
        expect(room.sent()).toEqual([]);
      },
    );

    behaviours.needing(
      harness.accidents,
      "what is throttled is UNAVAILABLE, and goes the next time",
      async () => {
        accidents().throttle();
        expect(await failureOf(gateway.send(message("a")))).toMatchObject({
          code: "UNAVAILABLE",
          retryable: true,
        });
        await gateway.send(message("a"));
        expect(room.sent()).toEqual(["a"]);
      },
    );

    behaviours.needing(
      harness.accidents,
      "a refused message has the operator's code, and others go",
      async () => {
        accidents().refuse();
        const refused = await failureOf(gateway.send(message("a")));
        expect(refused).toMatchObject({ code: "REFUSED", retryable: false });
        expect(refused.providerCode).toMatch(/\w+\.\w+/);
        await gateway.send(message("b"));
        expect(room.sent()).toEqual(["b"]);
      },
    );

    behaviours.needing(harness.fates, "a message is sent, then delivered", async () => {
      const { providerId } = await gateway.send(message("a"));
      fates().settle();
      expect(await fateOf("a", providerId)).toEqual({ state: "sent", providerId });
      fates().deliver("a");
      expect(await fateOf("a", providerId)).toEqual({ state: "delivered", atMs: expect.any(Number) });
    });

    behaviours.needing(harness.fates, "of a message that failed the code is told", async () => {
      const { providerId } = await gateway.send(message("a"));
      fates().settle();
      fates().fail("a", "MK:0001");
      expect(await fateOf("a", providerId)).toEqual({ state: "failed", code: "MK:0001" });
    });

    behaviours.needing(harness.fates, "one whose answer was lost is found again", async () => {
      accidents().loseAnswer();
      await failureOf(gateway.send(message("a")));
      fates().settle();
      fates().deliver("a");
      expect(await fateOf("a", null)).toMatchObject({ state: "delivered" });
    });

    behaviours.needing(harness.fates, "one that never came is not found", async () => {
      accidents().breakBefore();
      await failureOf(gateway.send(message("a")));
      fates().settle();
      expect(await fateOf("a", null)).toEqual({ state: "not-found" });
    });

    behaviours.needing(harness.fates, "one that was acknowledged is never not found", async () => {
      fates().settle();
      expect(await fateOf("never-there", "100^0")).toEqual({ state: "sent", providerId: "100^0" });
    });

    behaviours.needing(harness.fates, "an operator that cannot be asked is UNAVAILABLE", async () => {
      await accidents().stop();
      expect(await failureOf(fateOf("a", null))).toMatchObject({ code: "UNAVAILABLE", retryable: true });
    });

    behaviours.needing(harness.accidents, "no error shows the number or a value", async () => {
      const { loseAnswer, breakBefore, throttle, refuse } = accidents();
      for (const accident of [loseAnswer, breakBefore, throttle, refuse]) {
        accident();
        expectSecret(await failureOf(gateway.send(message("a"))));
      }
      await accidents().stop();
      expectSecret(await failureOf(gateway.send(message("a"))));
      expectSecret(await failureOf(fateOf("a", null)));
    });

    behaviours.needing(harness.written, "nothing that it writes shows the number", async () => {
      await gateway.send(message("a"));
      const written = has(room.written).all();
      expect(written).toContain("138****1234");
      expect(written).not.toContain(PHONE);
    });

    behaviours.needing(harness.accidents, "closing waits for a message under way", async () => {
      const letGo = accidents().holdAnswer();
      const sending = gateway.send(message("a"));
      const order: string[] = [];
      const both = [sending.then(() => order.push("sent")), gateway.close().then(() => order.push("closed"))];
      letGo();
      await Promise.all(both);
      expect(order).toEqual(["sent", "closed"]);
    });

    behaviour("closing twice is closing once; after it every call fails", async () => {
      await gateway.close();
      await gateway.close();
      expect(await failureOf(gateway.send(message("a")))).toMatchObject({ code: "CLOSED" });
      if (gateway.query !== undefined)
        expect(await failureOf(fateOf("a", null))).toMatchObject({ code: "CLOSED" });
      expect(room.sent()).toEqual([]);
    });

    behaviours.checkDeviations();
  });
}

export async function failureOf(call: Promise<unknown>): Promise<SmsGatewayError> {
  const outcome = await call.then(
    (value) => new Error(`it went well: ${inspect(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof SmsGatewayError) return outcome;
  throw outcome;
}

function expectSecret(error: SmsGatewayError): void {
  const shown = inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true });
  for (const secret of [PHONE, CODE, "杭州", encodeURIComponent("杭州")]) expect(shown).not.toContain(secret);
}

function has<Capability extends object>(capability: Capability | Lacking): Capability {
  if ("lacks" in capability) throw new Error(`lacks: ${capability.lacks}`);
  return capability;
}
