/** What every bureau channel promises (platform/bureau-channel/bureau-channel.ts). */

import { afterEach, describe, expect, it } from "@jest/globals";
import type { BureauChannel, LossNotice } from "../../../platform/bureau-channel/bureau-channel.js";

export interface ChannelUnderTest {
  open(): Promise<BureauChannel>;
  /** The reports that the other side has, in the order in which they came. */
  received(): Promise<readonly LossNotice[]>;
  end(): Promise<void>;
}

export function notice(requestId: string, fields: Partial<LossNotice> = {}): LossNotice {
  return {
    requestId,
    personKey: "0123456789abcdef0123456789abcdef",
    cardKey: "ab".repeat(16),
    cardTail: "1234",
    credential: "card",
    region: "330100",
    reportedAt: "2026-03-01T10:00:00.000+08:00",
    ...fields,
  };
}

export function bureauChannelContract(name: string, make: () => Promise<ChannelUnderTest>): void {
  describe(`the bureau's channel: ${name}`, () => {
    let under: ChannelUnderTest;
    afterEach(() => under.end());

    it("hands a report over whole", async () => {
      under = await make();
      const channel = await under.open();
      const whole = notice("r-1", { cardKey: null, cardTail: null });
      expect(["kept", "accepted"]).toContain((await channel.report(whole)).kind);
      expect(await under.received()).toEqual([whole]);
      await channel.close();
    });

    it("hands it over once, however often it is given, at once and after a restart", async () => {
      under = await make();
      const channel = await under.open();
      await Promise.all([channel.report(notice("r-1")), channel.report(notice("r-1"))]);
      await channel.report(notice("r-2"));
      await channel.close();
      const again = await under.open();
      const answer = await again.report(notice("r-1"));
      expect(await again.report(notice("r-1"))).toEqual(answer);
      expect((await under.received()).map(({ requestId }) => requestId)).toEqual(["r-1", "r-2"]);
      await again.close();
    });

    it("takes nothing after it was closed; closing waits for what is under way", async () => {
      under = await make();
      const channel = await under.open();
      const reported = channel.report(notice("r-1"));
      await channel.close();
      await channel.close();
      await expect(reported).resolves.toBeDefined();
      await expect(channel.report(notice("r-2"))).rejects.toMatchObject({ code: "CLOSED" });
      expect(await under.received()).toHaveLength(1);
    });
  });
}
