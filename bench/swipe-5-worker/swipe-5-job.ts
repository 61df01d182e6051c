/** The job over the detector's live loop. */

import type { DetectorBundle } from "../../services/detector/bundle.js";
import type { LiveJob } from "../../services/detector/live-job.js";
import { Swipe5Room } from "./swipe-5-room.js";

export interface Swipe5JobOptions {
  readonly topics: { readonly journal: string; readonly decisions: string };
  readonly bundle: DetectorBundle;
  /** psnNos of the partition. */
  readonly lost: readonly string[];
  readonly personsExpected: number;
}

export function swipe5Job({ topics, ...roomOptions }: Swipe5JobOptions): LiveJob {
  return {
    topics,
    openRoom: (ownership, _held, state) => Swipe5Room.open({ ...roomOptions, ownership, state }),
    isAlwaysAnswered: () => true,
  };
}
