/** Swipes and decisions with odd values, seeded: what a log may hold, not what a terminal would send. */

import type { JournalRecord } from "../../schemas/journal.js";
import type { LoggedOutcome } from "../../schemas/outcomes.js";

const TEXTS = [
  "a",
  "P3301",
  "医保卡",
  "a\nb\tc",
  'quote " and \\ backslash',
  "\u007f",
  "😀 emoji",
  "\u2028",
  "é",
  "\u0001",
  "x".repeat(41),
  "长".repeat(42),
  "y".repeat(43),
  "z".repeat(200),
  "药".repeat(90),
  "\ud83d",
  "null",
  "}],{",
];
const PLAIN = ["card", "330112", "P33011200004", "医保卡", "a46d94c121d1ae386cc22a533d35ea74"];
const AMOUNTS = [
  0,
  1,
  9,
  10,
  127,
  128,
  65_535,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 32,
  2 ** 47,
  1e15,
  Number.MAX_SAFE_INTEGER,
];
const DEGREES = [
  0,
  -0.5,
  119.7523,
  -179.999_999,
  1e-7,
  0.1 + 0.2,
  89.123_456_789_012_34,
  5e-324,
  1.5e300,
  12,
];
const INSTANTS = [
  "2026-03-02T07:59:59.393+08:00",
  "1970-01-01T00:00:00.000+08:00",
  "1969-12-31T23:59:59.999+08:00",
  "2024-02-29T23:59:59.999+08:00",
  "2026-03-31T00:00:00.000+08:00",
  "1900-01-02T00:00:00.000+08:00",
  "2298-12-31T23:59:59.999+08:00",
  "2026-03-02T07:59:59.393+09:30",
  "2026-03-02T07:59:59.393-08:00",
];

export class OddRecords {
  private state: number;

  constructor(seed: number) {
    this.state = seed;
  }

  swipe(): JournalRecord {
    const { type, eventId, kind, occurredAt, personKey, ...rest } = this.fields();
    const swipe = { type, eventId, kind, occurredAt, personKey, ...rest, contentHash: this.hex() };
    // Odd on purpose: no schema would let all of it pass.
    return swipe as unknown as JournalRecord;
  }

  decision(): LoggedOutcome {
    const { type: _, eventId, kind, occurredAt, personKey, cardTail, ...swipe } = this.fields();
    const decision = {
      type: "decision",
      decisionId: this.text(),
      eventId,
      personKey,
      cardTail: this.of([null, cardTail ?? "1234"]),
      kind,
      action: this.of(["approve", "review", "challenge", "reject"]),
      reasons: this.chance(0.2) ? this.reasons() : [],
      responseCode: this.text(),
      advice: this.of([null, null, { "zh-CN": this.text(), en: this.text() }]),
      disputed: this.chance(0.5),
      degraded: this.chance(0.5),
      clockClamped: this.chance(0.5),
      bundleHash: "162f47db".repeat(8),
      engineVersion: "2",
      occurredAt,
      swipe,
      ...(this.chance(0.2) ? { shadowBundleHash: "aa".repeat(32) } : {}),
    };
    return decision as unknown as LoggedOutcome;
  }

  key(): string {
    return this.of(["0f".repeat(16), "", "键", this.hex()]);
  }

  /** Whole milliseconds of this century. */
  appendedAtMs(): number {
    return 1_772_000_000_000 + Math.floor(this.random() * 1e9);
  }

  private fields(): Record<string, unknown> {
    const optional = <T>(value: () => T) => (this.chance(0.6) ? value() : undefined);
    const flag = () => this.chance(0.5);
    const text = () => this.text();
    const amount = () => (this.chance(0.9) ? 2407 : this.of(AMOUNTS));
    const degrees = () => (this.chance(0.8) ? 119.7523 : this.of(DEGREES));
    return {
      type: "swipe",
      eventId: this.text(),
      kind: this.of(["settle", "authorize", "cancel"]),
      occurredAt: this.of(INSTANTS),
      receivedAt: optional(() => this.of(INSTANTS)),
      personKey: this.hex(),
      cardKey: optional(text),
      cardTail: optional(() => this.of(["", "1610", "尾"])),
      credential: this.of(["card", "e-credential"]),
      insuredRegion: this.text(),
      careRegion: this.text(),
      institutionId: this.text(),
      institutionKind: this.text(),
      institutionName: optional(text),
      chainId: optional(text),
      terminalId: optional(text),
      operatorId: optional(text),
      visitKind: optional(text),
      totalFen: amount(),
      accountFen: optional(amount),
      fundFen: optional(amount),
      cashFen: optional(amount),
      sharedAccountFen: optional(amount),
      balanceBeforeFen: optional(amount),
      balanceAfterFen: optional(amount),
      pin: optional(text),
      pinIsDefault: optional(flag),
      pinIsBirthday: optional(flag),
      readError: optional(flag),
      emergency: optional(flag),
      agentPurchase: optional(flag),
      externalPrescription: optional(flag),
      agentKey: optional(text),
      originalEventId: optional(text),
      challengeOf: optional(text),
      challengeResult: optional(text),
      longitude: optional(degrees),
      latitude: optional(degrees),
      items: optional(() => this.items()),
    };
  }

  private items(): object[] {
    const count = this.chance(0.001) ? 300 : this.of([0, 1, 1, 2, 3]);
    return Array.from({ length: count }, () => ({
      ...(this.chance(0.9) ? { code: this.text() } : {}),
      ...(this.chance(0.8) ? { amountFen: this.of([0, 1, 2407, 99_999_999]) } : {}),
      listed: this.chance(0.3),
      traceHashes: Array.from({ length: this.of([0, 0, 1, 2, 3]) }, () => this.hex()),
    }));
  }

  private reasons(): object[] {
    return Array.from({ length: this.of([1, 2, 5]) }, () => ({
      rule: this.of(["R05", "R10"]),
      version: this.of([1, 2, 4_294_967_295]),
      mode: this.of(["live", "shadow"]),
      action: this.of(["approve", "challenge"]),
      severity: this.of(["low", "critical"]),
      code: this.text(),
      facts: { place: this.text() },
      evidence: [],
      text: { "zh-CN": this.text(), en: this.text() },
      ...(this.chance(0.3) ? { draft: true } : {}),
    }));
  }

  private text(): string {
    return this.chance(0.96) ? this.of(PLAIN) : this.of(TEXTS);
  }

  private hex(): string {
    return Math.floor(this.random() * 2 ** 48)
      .toString(16)
      .padStart(16, "0");
  }

  private of<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)]!;
  }

  private chance(share: number): boolean {
    return this.random() < share;
  }

  private random(): number {
    this.state = (Math.imul(this.state, 1_664_525) + 1_013_904_223) >>> 0;
    return this.state / 2 ** 32;
  }
}
