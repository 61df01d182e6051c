/** What the load generator can do on a server that does nothing: a figure near it says nothing about Kadun. */

import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { packageRoot } from "../../cli/package-root.js";
import type { LoadGenerator } from "./load-generator.js";
import type { LoadResult } from "./load-protocol.js";
import { type Sustained, sustainedBy } from "./sustained.js";
import { type Found, findHighestSustained } from "./sustained-search.js";

const ECHO_SERVER = join(packageRoot, "dist", "bench", "pipeline", "echo-server.js");
const FIRST_RATE = 4000;
const RATE_MAX = 60_000;
/** The figure is a bound, not a result. */
const PRECISION = 0.3;
const MEASUREMENTS_MAX = 8;

export type EchoFound = Found<Sustained & { readonly load: LoadResult }>;

export async function generatorCeiling(generator: LoadGenerator, seconds: number): Promise<EchoFound> {
  const server = fork(ECHO_SERVER, [], { execArgv: [] });
  try {
    const [{ url }] = (await once(server, "message")) as [{ url: string }];
    return await findHighestSustained(
      async (ratePerSecond) => {
        const load = await generator.run({
          url,
          path: "/v1/authorizations",
          apiKey: "none",
          ratePerSecond,
          seconds,
        });
        return { load, ...sustainedBy(load) };
      },
      { first: FIRST_RATE, max: RATE_MAX, precision: PRECISION, measurementsMax: MEASUREMENTS_MAX },
    );
  } finally {
    if (server.connected) {
      const exited = once(server, "exit");
      server.disconnect();
      await exited;
    }
  }
}
