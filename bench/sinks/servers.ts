/** Servers that are there, as JSON in KADUN_BENCH_SINK_SERVERS: whoever started them says where they are. */

import * as z from "zod";

const pid = z.number().int().positive();
const servers = z.object({
  /** KADUN_KAFKA_BROKERS, KADUN_REDIS_URL, KADUN_POSTGRES_URL, KADUN_CLICKHOUSE_URL and what belongs to them. */
  environment: z.record(z.string(), z.string()),
  pids: z.object({
    broker: pid,
    redis: pid,
    postgres: pid,
    /** null where it is in a container: its work is then counted as that of others. */
    clickhouse: pid.nullable(),
  }),
  /** Their settings in words, for the report. */
  description: z.string(),
});
export type SinkServers = z.infer<typeof servers>;

const VARIABLE = "KADUN_BENCH_SINK_SERVERS";

/** null where they are not set. @throws Error naming the variable. */
export function sinkServers(environment: NodeJS.ProcessEnv): SinkServers | null {
  const text = environment[VARIABLE];
  if (text === undefined || text === "") return null;
  const parsed = servers.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${VARIABLE}: expected JSON with ${Object.keys(servers.shape).join(", ")}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
