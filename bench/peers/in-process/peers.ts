/** The in-process programs that `kadun bench decide --peers` compares with. */

import { celJs } from "../cel-js/cel-js.js";
import { gorulesZen } from "../gorules-zen/gorules-zen.js";
import { jsonRulesEngine } from "../json-rules-engine/json-rules-engine.js";
import { PlainNode } from "../plain-node/plain-node.js";
import type { Peer } from "./rule-peer.js";

interface PeerEntry {
  readonly title: string;
  /** Package that has to be installed; null where none is. */
  readonly library: string | null;
  readonly open: (persons: number) => Promise<Peer>;
}

/** The first is what the others' decisions are held against. */
export const PEERS = {
  "plain-node": {
    title: "plain Node",
    library: null,
    open: async (persons: number) => new PlainNode(persons),
  },
  "cel-js": { title: "cel-js", library: "@marcbachmann/cel-js", open: celJs },
  "gorules-zen": { title: "GoRules ZEN", library: "@gorules/zen-engine", open: gorulesZen },
  "json-rules-engine": { title: "json-rules-engine", library: "json-rules-engine", open: jsonRulesEngine },
} as const satisfies Readonly<Record<string, PeerEntry>>;

export type PeerName = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as readonly PeerName[];
