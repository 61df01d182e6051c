/**
 * The register of institutions as the console looks things up in it.
 *
 * Owns: names and regions in memory, so that a name is found without reading the register.
 * Does not own: the register (ingest writes it; here it is only read).
 *
 * 1. The list is as old as `KEPT_MS` at most: an entry of since then is found by its id, not yet by its name.
 * 2. Between some entries others are served: the whole register takes a second.
 */

import type { Clock } from "../../platform/clock/clock.js";
import type { KeyValue } from "../../platform/key-value/key-value.js";
import { isInScope } from "../../schemas/console/access.js";
import type { InstitutionHead } from "../../schemas/http/subjects.js";
import type { InstitutionRegisterDesk } from "../../services/console/server/subjects-desk.js";
import {
  INSTITUTION_PREFIX,
  institutionKey,
  institutionText,
  readInstitution,
} from "../../services/ingest/institution-entry.js";

const KEPT_MS = 300_000;
/** Some milliseconds. */
const ENTRIES_AT_ONCE = 500;

export function institutionDesk(
  register: Pick<KeyValue, "get" | "entries">,
  clock: Clock,
): InstitutionRegisterDesk {
  let listed: { readonly atMs: number; readonly heads: Promise<readonly InstitutionHead[]> } | null = null;
  const heads = () => {
    if (listed === null || clock.now() - listed.atMs > KEPT_MS) {
      const reading = { atMs: clock.now(), heads: readAll(register) };
      // What could not be read is read again at the next call.
      reading.heads.catch(() => {
        if (listed === reading) listed = null;
      });
      listed = reading;
    }
    return listed.heads;
  };
  return {
    find: async (institutionId) => {
      const key = institutionKey(institutionId);
      const value = await register.get(key);
      return value === null ? null : headOf(key, value);
    },
    search: async (text, scope, limit) => {
      const wanted = text.toLowerCase();
      const found: InstitutionHead[] = [];
      for (const head of await heads()) {
        if (!isNamed(head, wanted) || !isInScope(scope, head.region)) continue;
        found.push(head);
        if (found.length === limit) break;
      }
      return found;
    },
  };
}

function isNamed({ institutionId, name }: InstitutionHead, wanted: string): boolean {
  return institutionId.toLowerCase() === wanted || (name ?? "").toLowerCase().includes(wanted);
}

async function readAll(register: Pick<KeyValue, "entries">): Promise<readonly InstitutionHead[]> {
  const heads: InstitutionHead[] = [];
  let read = 0;
  for await (const { key, value } of register.entries(INSTITUTION_PREFIX)) {
    const head = headOf(key, value);
    if (head !== null) heads.push(head);
    if (++read % ENTRIES_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return heads;
}

/** null of a damaged entry: ingest says so. */
function headOf(key: string, value: Uint8Array): InstitutionHead | null {
  const entry = readInstitution(key, institutionText(value));
  if ("expected" in entry) return null;
  const { institutionId, name, kind, region = "", chainId = null } = entry;
  return { institutionId, name, kind, region, chainId, isRegistered: true };
}
