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
  /** Signs evidence and day proofs, with the public keys of those before. */
  readonly evidenceKeys: string;
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
  /** Reports of loss that cardholders made, where there is no system of the bureau's to send them to. */
  readonly bureauOutbox: string;
  /** Day proofs: `published/`, `leaves/` (nobody else's), and the topic. */
  readonly proofs: string;
  /** What this installation changes of the patrols' numbers; need not be there. */
  readonly patrols: string;
  /** Keys of decoy cards; need not be there. */
  readonly decoys: string;
  /** Evidence packages made last. */
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
    evidenceKeys: join(keys, "evidence.json"),
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
    bureauOutbox: join(data, "bureau", "outbox.ndjson"),
    proofs: join(data, "proofs"),
    patrols: join(data, "patrols.json"),
    decoys: join(registers, "decoys.txt"),
    evidence: join(data, "evidence"),
  };
}
