/** The swipes of a run as messages of a topic, numbered from 0: the same seed gives the same bytes. */

import { partitionOf } from "../../schemas/topics.js";
import { SwipeGenerator } from "../swipe-5/generator.js";
import type { JobSwipe } from "../swipe-5/job.js";

/** Of a comparison's topics. */
export const PARTITIONS = 12;

export interface StreamMessage {
  readonly key: string;
  readonly value: Buffer;
  readonly partition: number;
}

export class SwipeStream {
  private readonly generator: SwipeGenerator;

  constructor(
    persons: number,
    seed: number,
    private readonly partitions = PARTITIONS,
  ) {
    this.generator = new SwipeGenerator(persons, { seed });
  }

  next(): StreamMessage {
    const swipe: JobSwipe = this.generator.next();
    return {
      key: swipe.psnNo,
      value: swipeBytes(swipe),
      partition: partitionOf(swipe.psnNo, this.partitions),
    };
  }
}

/** A swipe as the message that says it. */
export function swipeBytes(swipe: JobSwipe): Buffer {
  return Buffer.from(JSON.stringify(swipe));
}

/** `{"eventId":"swipe-4403-` stands before the number, in a swipe as in its decision. */
const NUMBER_AT = Buffer.byteLength('{"eventId":"swipe-4403-');
const NUMBER_DIGITS = 12;
const FIRST_NUMBER = 100_000_000_000;
const DIGIT_0 = 0x30;

/** Which swipe of its stream a swipe or a decision is of; negative or no number where it is of none. */
export function numberIn(message: Uint8Array): number {
  let number = 0;
  for (let at = NUMBER_AT; at < NUMBER_AT + NUMBER_DIGITS; at++) {
    const digit = (message[at] ?? 0) - DIGIT_0;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number - FIRST_NUMBER;
}
