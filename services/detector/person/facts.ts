/**
 * Person facts: the latest of each kind (in journal order), and four filings.
 *
 * Facts block (96 bytes, absent while nothing is known): u32 home region, u32 stay region, f64 aid from, f64 aid to,
 * f64 stay from, f64 stay to, u48 stay institution, u8 known (bits), u8 limits (bits), u48 daily limit, 2 spare,
 * f64 home from, f64 home to, f64 limits from, f64 limits to. Links (person/links.ts) stand behind the block.
 * Filing: f64 from, f64 to, u32 region, u8 kind, 3 spare. Open ends are Infinity.
 */

import { readU48, writeU48 } from "./bytes.js";
import { Entries } from "./entries.js";
import { BYTES_FACTS, BYTES_FILING, FILINGS_MAX, Section } from "./layout.js";
import type { PersonRecord } from "./person-record.js";

const Known = { HOME: 1, AID: 2, STAY: 4, STAY_INSTITUTION: 8, LIMITS: 16, DAILY: 32 } as const;
const Limit = { HOME_ONLY: 1, NO_NIGHT: 2 } as const;

export interface Stay {
  readonly fromMs: number;
  readonly toMs: number;
  readonly region: number;
  /** 48-bit hash, or null where the fact named none. */
  readonly institution: number | null;
}

export interface HolderLimits {
  readonly homeOnly: boolean;
  readonly noNight: boolean;
  readonly dailyFen: number | null;
}

/** Which bytes of the block each kind of fact takes, from and up to. */
const FACT_BYTES: readonly (readonly [bits: number, ranges: readonly (readonly [number, number])[]])[] = [
  [
    Known.HOME,
    [
      [0, 4],
      [56, 72],
    ],
  ],
  [Known.AID, [[8, 24]]],
  [
    Known.STAY | Known.STAY_INSTITUTION,
    [
      [4, 8],
      [24, 46],
    ],
  ],
  [
    Known.LIMITS | Known.DAILY,
    [
      [47, 54],
      [72, 88],
    ],
  ],
];

export class Facts {
  constructor(private readonly record: PersonRecord) {}

  /** The region moved to, where the fact is valid at t; 0 otherwise. */
  homeRegion(t: number): number {
    return this.knows(Known.HOME) && this.isWithin(56, t)
      ? this.record.view.getUint32(this.block(), true)
      : 0;
  }

  hasMutualAid(t: number): boolean {
    return this.knows(Known.AID) && this.isWithin(8, t);
  }

  stay(): Stay | null {
    if (!this.knows(Known.STAY)) return null;
    const { view } = this.record;
    const block = this.block();
    return {
      region: view.getUint32(block + 4, true),
      fromMs: view.getFloat64(block + 24, true),
      toMs: view.getFloat64(block + 32, true),
      institution: this.knows(Known.STAY_INSTITUTION) ? readU48(view, block + 40) : null,
    };
  }

  limits(t: number): HolderLimits | null {
    if (!this.knows(Known.LIMITS) || !this.isWithin(72, t)) return null;
    const { view } = this.record;
    const block = this.block();
    const bits = view.getUint8(block + 47);
    return {
      homeOnly: (bits & Limit.HOME_ONLY) !== 0,
      noNight: (bits & Limit.NO_NIGHT) !== 0,
      dailyFen: this.knows(Known.DAILY) ? readU48(view, block + 48) : null,
    };
  }

  setHomeRegion(region: number, fromMs: number, toMs: number): void {
    const block = this.ensure();
    this.record.view.setUint32(block, region, true);
    this.setSpan(56, fromMs, toMs);
    this.know(Known.HOME, 0);
  }

  setMutualAid(fromMs: number, toMs: number): void {
    this.ensure();
    this.setSpan(8, fromMs, toMs);
    this.know(Known.AID, 0);
  }

  setStay(stay: Stay): void {
    const block = this.ensure();
    const { view } = this.record;
    view.setUint32(block + 4, stay.region, true);
    this.setSpan(24, stay.fromMs, stay.toMs);
    writeU48(view, block + 40, stay.institution ?? 0);
    this.know(Known.STAY | (stay.institution === null ? 0 : Known.STAY_INSTITUTION), Known.STAY_INSTITUTION);
  }

  setLimits(limits: HolderLimits, fromMs: number, toMs: number): void {
    const block = this.ensure();
    this.setSpan(72, fromMs, toMs);
    const { view } = this.record;
    view.setUint8(
      block + 47,
      (limits.homeOnly ? Limit.HOME_ONLY : 0) | (limits.noNight ? Limit.NO_NIGHT : 0),
    );
    writeU48(view, block + 48, limits.dailyFen ?? 0);
    this.know(Known.LIMITS | (limits.dailyFen === null ? 0 : Known.DAILY), Known.DAILY);
  }

  /** Of each kind that is not known here, what the other knows. */
  takeMissing(other: Facts): void {
    if (other.record.size(Section.FACTS) === 0) return;
    for (const [bits, ranges] of FACT_BYTES) {
      if (this.knows(bits) || !other.knows(bits)) continue;
      const to = this.ensure();
      const from = other.block();
      for (const [start, end] of ranges)
        this.record.bytes.set(other.record.bytes.subarray(from + start, from + end), to + start);
      this.know(other.record.view.getUint8(from + 46) & bits, 0);
    }
  }

  private isWithin(offset: number, t: number): boolean {
    const { view } = this.record;
    const span = this.block() + offset;
    return t >= view.getFloat64(span, true) && t < view.getFloat64(span + 8, true);
  }

  private setSpan(offset: number, fromMs: number, toMs: number): void {
    const span = this.block() + offset;
    this.record.view.setFloat64(span, fromMs, true);
    this.record.view.setFloat64(span + 8, toMs, true);
  }

  private knows(bit: number): boolean {
    return (
      this.record.size(Section.FACTS) !== 0 && (this.record.view.getUint8(this.block() + 46) & bit) !== 0
    );
  }

  private know(set: number, clear: number): void {
    const at = this.block() + 46;
    this.record.view.setUint8(at, (this.record.view.getUint8(at) & ~clear) | set);
  }

  private block(): number {
    return this.record.base + this.record.start(Section.FACTS);
  }

  /** Position of the facts block, made where nothing is known yet. */
  ensure(): number {
    if (this.record.size(Section.FACTS) === 0)
      this.record.open(Section.FACTS, this.record.start(Section.FACTS), BYTES_FACTS);
    return this.block();
  }
}

export class Filings extends Entries {
  constructor(record: PersonRecord) {
    super(record, Section.FILINGS, BYTES_FILING, FILINGS_MAX);
  }

  add(filing: { region: number; kind: number; fromMs: number; toMs: number }): void {
    const entry = this.push();
    const { view } = this.record;
    view.setFloat64(entry, filing.fromMs, true);
    view.setFloat64(entry + 8, filing.toMs, true);
    view.setUint32(entry + 16, filing.region, true);
    view.setUint8(entry + 20, filing.kind);
  }

  region(index: number): number {
    return this.record.view.getUint32(this.absolute(index) + 16, true);
  }

  isValidAt(index: number, t: number): boolean {
    const { view } = this.record;
    const entry = this.absolute(index);
    return t >= view.getFloat64(entry, true) && t < view.getFloat64(entry + 8, true);
  }
}
