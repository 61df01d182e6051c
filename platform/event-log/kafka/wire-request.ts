/** One request of Kafka's protocol as the cluster sends it: numbers for the header, the body's bytes, the reader of the answer. */
/**
 * Requests of one lane share a connection to a node, and a node answers a connection's requests one after the other:
 * what waits at the server (a fetch, a join) holds up all behind it. Hence one lane each.
 */
export type Lane = string;

export interface WireRequest<Answer> {
  readonly apiKey: number;
  /** Versions before the flexible ones (no tagged fields): the header written is version 1. */
  readonly apiVersion: number;
  /** For messages. */
  readonly apiName: string;
  /** Without it one by kind: "produce", "fetch", "group", "main". */
  readonly lane?: Lane;
  /** Without it the cluster's. Begins when the bytes are handed to the socket. */
  readonly timeoutMs?: number;
  /** Body after the header; several buffers are written one after the other without a copy. */
  encode(): Buffer | readonly Buffer[];
  /** Reads the answer after its header. The bytes are this answer's own: slices of them stay valid. */
  decode(payload: Buffer): Answer | Promise<Answer>;
}

export const API_KEYS = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  OffsetFetch: 9,
  FindCoordinator: 10,
  JoinGroup: 11,
  Heartbeat: 12,
  LeaveGroup: 13,
  SyncGroup: 14,
  SaslHandshake: 17,
  ApiVersions: 18,
  CreateTopics: 19,
  DeleteTopics: 20,
  DeleteRecords: 21,
  InitProducerId: 22,
  DescribeConfigs: 32,
  SaslAuthenticate: 36,
} as const;

const LANES: ReadonlyMap<number, Lane> = new Map([
  [API_KEYS.Produce, "produce"],
  [API_KEYS.Fetch, "fetch"],
  [API_KEYS.OffsetCommit, "group"],
  [API_KEYS.OffsetFetch, "group"],
  [API_KEYS.JoinGroup, "group"],
  [API_KEYS.Heartbeat, "group"],
  [API_KEYS.LeaveGroup, "group"],
  [API_KEYS.SyncGroup, "group"],
]);

export function laneOf(request: { readonly apiKey: number; readonly lane?: Lane }): Lane {
  return request.lane ?? LANES.get(request.apiKey) ?? "main";
}
