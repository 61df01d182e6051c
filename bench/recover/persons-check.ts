/** Persons as the detectors left them: the swipes of before, which only the store held, and those of the run in one record. */

import type { StateStore } from "../../platform/state-store/state-store.js";
import { partitionOf } from "../../schemas/topics.js";
import { Person } from "../../services/detector/person/person.js";
import { standaloneRecord } from "../../services/detector/person/record-codec.js";
import { madePersonKey } from "./made-swipes.js";
import { personOfTurn } from "./paced-feed.js";
import { EARLIER_SWIPES } from "./stored-persons.js";

const CHECKED_MAX = 500;

export interface PersonsChecked {
  readonly persons: number;
  readonly findings: readonly string[];
}

/** Of those who swiped first. @throws StateStoreError. */
export async function checkPersons(
  store: StateStore,
  persons: number,
  partitions: number,
): Promise<PersonsChecked> {
  const count = Math.min(CHECKED_MAX, persons);
  const findings: string[] = [];
  const keys = Array.from({ length: count }, (_, turn) => madePersonKey(personOfTurn(turn, persons)));
  for (let partition = 0; partition < partitions; partition++) {
    const here = keys.filter((key) => partitionOf(key, partitions) === partition);
    const ownership = await store.acquire(partition, `bench-recover-check-${partition}`);
    for (const [index, stored] of (await ownership.load(here)).entries()) {
      const settles = stored === null ? 0 : new Person(standaloneRecord(stored)).record.settleCount();
      if (settles <= EARLIER_SWIPES)
        findings.push(`partition ${partition}: person ${here[index]} has ${settles} swipes stored`);
    }
  }
  return { persons: count, findings };
}
