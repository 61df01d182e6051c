/** Where everything lies in the data directory of an embedded Kadun (docs/operations.md). */

import { join } from "node:path";

export interface DataPaths {
  readonly data: string;
  /** Held by the swipe process. */
  readonly lock: string;
  /** Held by the office. */
  readonly officeLock: string;
  /** Who runs and where to reach them. */
  readonly run: string;
  readonly keys: string;
  /** Makes tokens of identities. Never changed: another key makes other persons of everybody. */
  readonly linkageKey: string;
  /** Seals contacts and dead letters. */
  readonly vaultKey: string;
  /** API key of the built-in network `local`, for the commands of this machine. */
  readonly localKey: string;
  readonly log: string;
  readonly state: string;
  readonly contacts: string;
  readonly institutions: string;
  readonly networks: string;
  readonly redriven: string;
  readonly moved: string;
  readonly bundles: string;
  readonly analytics: string;
  readonly database: string;
  readonly outbox: string;
  /** What this installation changes of the patrols' numbers; need not be there. */
  readonly patrols: string;
  /** Keys of decoy cards; need not be there. */
  readonly decoys: string;
  /** The office's keys for evidence: what it signs with, and what it signed with before. */
  readonly evidenceKeys: string;
  /** Day proofs, and packages made last. */
  readonly evidence: string;
}

export function pathsOf(data: string): DataPaths {
  const keys = join(data, "keys");
  const registers = join(data, "registers");
  return {
    data,
    lock: join(data, "kadun.lock"),
    officeLock: join(data, "office.lock"),
    run: join(data, "run.json"),
    keys,
    linkageKey: join(keys, "linkage.key"),
    vaultKey: join(keys, "vault.key"),
    localKey: join(keys, "local.key"),
    log: join(data, "log"),
    state: join(data, "state"),
    contacts: join(data, "contacts"),
    institutions: join(registers, "institutions"),
    networks: join(registers, "networks"),
    redriven: join(registers, "redriven"),
    moved: join(registers, "moved"),
    bundles: join(data, "bundles"),
    analytics: join(data, "analytics"),
    database: join(data, "database"),
    outbox: join(data, "sms", "outbox.ndjson"),
    patrols: join(data, "patrols.json"),
    decoys: join(registers, "decoys.txt"),
    evidenceKeys: join(keys, "evidence.json"),
    evidence: join(data, "evidence"),
  };
}
