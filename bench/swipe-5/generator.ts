/**
 * The stream of the job: the same seed gives the same swipes, ASCII only, in order of time. A person swipes every
 * 4,000 s on average; now and then five purchases come in a row, and one swipe in a hundred is 1,000 km away.
 */

import { type JobSwipe, psnNoOf } from "./job.js";

/** 2026-11-01T00:00:00Z */
export const BASE_MS = Date.UTC(2026, 10, 1);
const PERSON_GAP_MS = 4_000_000;
const BURST_SHARE = 0.004;
/** Purchases that follow the first of a burst. */
const BURST_REST = 4;
const FAR_SHARE = 0.01;
const FAR_DEGREES = 10;
const JITTER_DEGREES = 0.1;

/** What chance says about a swipe; numbers count from 0. */
export interface DrawnSwipe {
  readonly sequence: number;
  readonly eventTime: number;
  readonly person: number;
  readonly lng: number;
  readonly lat: number;
  readonly eventType: JobSwipe["eventType"];
  readonly acctPayFen: number;
  readonly suffix: number;
  readonly institution: number;
  readonly city: number;
  readonly ownPayFen: number;
  readonly isPinWrong: boolean;
  readonly isEmployee: boolean;
  readonly isOrdinary: boolean;
  readonly operator: number;
  readonly device: number;
}

export class SwipeGenerator {
  private readonly stepMs: number;
  private readonly random: () => number;
  private t: number;
  private sequence = 0;
  private burstLeft = 0;
  private burstPerson = 0;

  /** The stream begins so that `leadSwipes` come before BASE_MS. */
  constructor(
    private readonly persons: number,
    { seed = 12_345, leadSwipes = 0 }: { seed?: number; leadSwipes?: number } = {},
  ) {
    this.random = xorshift32(seed);
    this.stepMs = PERSON_GAP_MS / persons;
    this.t = BASE_MS - leadSwipes * this.stepMs;
  }

  /** The next swipe; `person` overrides the one drawn, so that a prefill meets everybody. */
  next(person?: number): JobSwipe {
    return swipeOf(this.draw(person));
  }

  /** The same, not yet written: whoever wants few of the swipes steps over the others without their texts. */
  draw(person?: number): DrawnSwipe {
    const { random } = this;
    this.t += this.stepMs * random() * 2;
    const { drawn, isBurst } = this.drawPerson();
    const owner = person ?? drawn;
    const [longitude, latitude] = homeOf(owner);
    const far = random() < FAR_SHARE ? FAR_DEGREES : 0;
    const lng = microdegrees(longitude + far + (random() - 0.5) * JITTER_DEGREES);
    const lat = microdegrees(latitude + (random() - 0.5) * JITTER_DEGREES);
    const eventType = isBurst || random() < 0.7 ? "PURCHASE" : random() < 0.5 ? "REGISTER" : "QUERY";
    const acctPayFen = eventType === "PURCHASE" ? this.payFen(isBurst) : 0;
    return {
      sequence: this.sequence++,
      eventTime: Math.floor(this.t),
      person: owner,
      lng,
      lat,
      eventType,
      acctPayFen,
      suffix: Math.floor(random() * 0xffffffff),
      institution: Math.floor(random() * 5000),
      city: Math.floor(random() * 20),
      ownPayFen: Math.floor(random() * 3000),
      isPinWrong: random() < (isBurst ? 0.5 : 0.03),
      isEmployee: random() < 0.8,
      isOrdinary: random() < 0.6,
      operator: Math.floor(random() * 9000),
      device: Math.floor(random() * 90_000),
    };
  }

  /** A burst under way ends here. */
  endBurst(): void {
    this.burstLeft = 0;
  }

  private drawPerson(): { drawn: number; isBurst: boolean } {
    if (this.burstLeft > 0) {
      this.burstLeft--;
      return { drawn: this.burstPerson, isBurst: true };
    }
    const drawn = Math.floor(this.random() * this.persons);
    if (this.random() < BURST_SHARE) {
      this.burstLeft = BURST_REST;
      this.burstPerson = drawn;
    }
    return { drawn, isBurst: false };
  }

  private payFen(isBurst: boolean): number {
    const isHigh = isBurst || this.random() < 0.15;
    return isHigh ? 25_000 + Math.floor(this.random() * 25_001) : 500 + Math.floor(this.random() * 20_000);
  }
}

export function swipeOf(drawn: DrawnSwipe): JobSwipe {
  const { person, eventTime, lng, lat, eventType, acctPayFen } = drawn;
  const serial = String(100_000_000_000 + drawn.sequence);
  const suffix = drawn.suffix.toString(16).padStart(8, "0");
  return {
    eventId: `swipe-4403-${serial}-${suffix}-a1b2`,
    eventTime,
    psnNo: psnNoOf(person),
    cardSn: `440300C0${10_000_000_000 + person * 7}`,
    fixmedinsCode: `H440305${1_000_000 + drawn.institution}`,
    cityCode: String(440_300 + drawn.city),
    lng,
    lat,
    eventType,
    acctPayFen,
    medfeeSumFen: acctPayFen + drawn.ownPayFen,
    pinResult: drawn.isPinWrong ? "FAIL" : "OK",
    insutype: drawn.isEmployee ? "310" : "390",
    medType: drawn.isOrdinary ? "11" : "41",
    opter: `operator-${10_000 + drawn.operator}`,
    devNo: `POS-440301-${100_000 + drawn.device}`,
  };
}

function homeOf(person: number): [number, number] {
  const hash = Math.imul(person + 1, 2_654_435_761) >>> 0;
  return [100 + ((hash & 0xffff) / 65_536) * 18, 22 + ((hash >>> 16) / 65_536) * 18];
}

function microdegrees(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}

function xorshift32(seed: number): () => number {
  let x = seed >>> 0;
  return () => {
    x ^= x << 13;
    x >>>= 0;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x / 4_294_967_296;
  };
}
