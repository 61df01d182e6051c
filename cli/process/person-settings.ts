/** Persons in memory, the same in every profile. */

import { wholeNumber } from "../../platform/config/setting-kinds.js";
import type { SettingsOf, SettingsTable } from "../../platform/config/settings.js";

const BYTES_PER_MB = 1_048_576;
/** A terabyte. */
const MB_MAX = 1_048_576;

export const PERSON_SETTINGS = {
  personsMemoryMb: {
    option: "persons-memory-mb",
    variable: "KADUN_PERSONS_MEMORY_MB",
    fallback: "0",
    help: "what the records of persons may take in memory, all partitions of a process together; who did not swipe for longest is then in the state store alone; 0 for no limit",
    kind: wholeNumber(0, MB_MAX),
  },
} as const satisfies SettingsTable;

/** null for no limit. */
export function personBytesMaxOf({ personsMemoryMb }: SettingsOf<typeof PERSON_SETTINGS>): number | null {
  return personsMemoryMb === 0 ? null : personsMemoryMb * BYTES_PER_MB;
}
