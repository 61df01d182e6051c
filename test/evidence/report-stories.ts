/** Stories that reports are made of: the Hangzhou card of rules.md 4 (a), and a long one with awkward names. */

import { at, DAY_MS, HOUR_MS, MINUTE_MS, rawStatus, rawSwipe, START_MS } from "../support/records.js";
import type { Arrival } from "./report-case.js";

const HOME = { insuredRegion: "330100", cardNumber: "CARD-0001" };

/** At the time it happens. */
export function swipe(
  eventId: string,
  nowMs: number,
  fields: Readonly<Record<string, unknown>> = {},
): Arrival {
  const careRegion = String(fields.careRegion ?? "341800");
  const raw = rawSwipe({
    ...HOME,
    eventId,
    occurredAt: at(nowMs),
    careRegion,
    institutionId: `P${careRegion}00001`,
    terminalId: "T-01",
    operatorId: "OP-7",
    ...fields,
  });
  return { nowMs, raw };
}

export function paid(totalFen: number, balanceBeforeFen: number) {
  return { totalFen, accountFen: totalFen, balanceBeforeFen, balanceAfterFen: balanceBeforeFen - totalFen };
}

export function report(
  eventId: string,
  nowMs: number,
  fields: Readonly<Record<string, unknown>> = {},
): Arrival {
  const raw = rawStatus({
    eventId,
    occurredAt: at(nowMs),
    region: "330100",
    cardNumber: "CARD-0001",
    ...fields,
  });
  return { nowMs, raw };
}

/** Lost and unreported; two wrong PINs, five purchases; then a report, and one more swipe. */
export function hangzhou(): readonly Arrival[] {
  const t = START_MS;
  return [
    swipe("own-1", t - 3 * DAY_MS, { careRegion: "330106", ...paid(4_550, 284_550), pin: "ok" }),
    swipe("pin-1", t, { kind: "pin-check", pin: "wrong", totalFen: 0 }),
    swipe("pin-2", t + 5 * MINUTE_MS, {
      kind: "pin-check",
      pin: "wrong",
      totalFen: 0,
      institutionId: "P34180000002",
    }),
    swipe("buy-1", t + 9 * MINUTE_MS, { ...paid(48_000, 280_000), pin: "ok" }),
    swipe("buy-2", t + DAY_MS, { ...paid(56_000, 232_000), institutionId: "P34180000002" }),
    swipe("buy-3", t + 3 * DAY_MS, { ...paid(68_000, 176_000), institutionId: "P34180000003" }),
    swipe("buy-4", t + 5 * DAY_MS, { ...paid(39_000, 108_000), institutionId: "P34180000003" }),
    swipe("undo-4", t + 5 * DAY_MS + 10 * MINUTE_MS, {
      kind: "cancel",
      totalFen: 39_000,
      originalEventId: "buy-4",
      institutionId: "P34180000003",
    }),
    swipe("buy-5", t + 6 * DAY_MS, { ...paid(42_000, 108_000) }),
    report("lost-1", t + 7 * DAY_MS, { channel: "phone" }),
    swipe("buy-6", t + 7 * DAY_MS + HOUR_MS, { ...paid(39_000, 66_000) }),
  ];
}

const LONG_NAME =
  "宣城市宣州区阳光大药房连锁有限公司郎溪县建平镇中港路与亭子山路交叉口东南侧商业综合体一层第二十八分店（原郎溪县惠民平价大药房）";

/** Many swipes in many towns, names of any length, characters that few fonts have. */
export function wandering(swipes: number): readonly Arrival[] {
  const regions = ["330106", "341821", "341802", "320115", "310115", "330502", "340104", "320583"];
  const arrivals: Arrival[] = [];
  for (let i = 0; i < swipes; i++) {
    const careRegion = regions[(i * 7 + Math.floor(i / 11)) % regions.length]!;
    const nowMs = START_MS + i * 3 * HOUR_MS;
    arrivals.push(
      swipe(`w-${i}`, nowMs, {
        careRegion,
        institutionId: `P${careRegion}0000${i % 3}`,
        institutionName: i % 4 === 0 ? LONG_NAME : i % 4 === 1 ? "𠮷祥药房" : "惠民药店",
        terminalId: i % 5 === 0 ? "TERMINAL-0123456789-ABCDEFGHIJKLMN-0001" : "T-01",
        ...paid(1_000 + ((i * 3_777) % 60_000), 900_000 - i),
        ...(i % 6 === 0 ? { pin: "wrong" } : i % 6 === 1 ? { pin: "ok" } : {}),
      }),
    );
    if (i === Math.floor(swipes / 2)) arrivals.push(report("w-lost", nowMs + 1000, { channel: "phone" }));
  }
  return arrivals;
}
