/** Servers that are there, as JSON in KADUN_BENCH_SERVERS: whoever started them says where they are. */

import * as z from "zod";

const settings = z.object({
  /** HOST:PORT. */
  brokers: z.string().min(1),
  brokerPid: z.number().int().positive(),
  redisUrl: z.string().startsWith("redis://"),
  redisPid: z.number().int().positive(),
  /** Its settings in words, for the report. */
  broker: z.string(),
});
export type ServerSettings = z.infer<typeof settings>;

const VARIABLE = "KADUN_BENCH_SERVERS";

/** null where they are not set. @throws Error naming the variable. */
export function serverSettings(environment: NodeJS.ProcessEnv): ServerSettings | null {
  const text = environment[VARIABLE];
  if (text === undefined || text === "") return null;
  const parsed = settings.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new Error(`${VARIABLE}: expected JSON with ${Object.keys(settings.shape).join(", ")}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
