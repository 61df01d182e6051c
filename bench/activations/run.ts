/**
 * Bundles activated under load on a whole Kadun: what swipes wait, with activations and without; whether every decision
 * changes at the activation's position and is what the journal gives.
 * `npm run build && node dist/bench/activations/run.js [--profile embedded|distributed] [--office running|stopped]
 * [--seconds N] [--rate N] [--authorizations N] [--persons N] [--seed N] [--json]`
 *
 * Distributed: on the servers of KADUN_KAFKA_BROKERS, KADUN_REDIS_URL and KADUN_POSTGRES_URL; where these are not set, in a
 * checkout, on servers that are started for it (`npm run setup:servers` once). Exit status 1 where anything is not as it
 * should be.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packageRoot } from "../../cli/package-root.js";
import { measureActivations, secondsNeeded } from "./activations.js";
import { SERVERS } from "./distributed-target.js";
import { OFFICES } from "./embedded-target.js";
import { reportText } from "./report-text.js";
import { PROFILES } from "./target.js";

const WITH_SERVERS = join(packageRoot, "test", "support", "servers", "with-servers.mjs");

const { values } = parseArgs({
  options: {
    profile: { type: "string", default: "embedded" },
    office: { type: "string", default: "running" },
    seconds: { type: "string", default: "60" },
    rate: { type: "string", default: "5000" },
    authorizations: { type: "string", default: "500" },
    persons: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});

function whole(name: "seconds" | "rate" | "authorizations" | "persons" | "seed", min: number): number {
  const value = Number(values[name]);
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new RangeError(`--${name} ${values[name]}: expected a whole number of at least ${min}`);
}

const profile = PROFILES.find((each) => each === values.profile);
const office = OFFICES.find((each) => each === values.office);
if (office === undefined) throw new RangeError(`--office ${values.office}: expected ${OFFICES.join(" or ")}`);
if (profile === undefined)
  throw new RangeError(`--profile ${values.profile}: expected ${PROFILES.join(" or ")}`);
if (profile === "distributed" && SERVERS.every((name) => process.env[name] === undefined)) {
  const args = [WITH_SERVERS, ...process.argv.slice(1)];
  const [code] = await once(spawn(process.execPath, args, { stdio: "inherit" }), "exit");
  process.exitCode = code ?? 1;
} else {
  const report = await measureActivations(
    {
      profile,
      office,
      seconds: whole("seconds", secondsNeeded()),
      swipesPerSecond: whole("rate", 1),
      authorizationsPerSecond: whole("authorizations", 1),
      persons: whole("persons", 1000),
      seed: whole("seed", 0),
    },
    (text) => console.error(text),
  );
  console.log(values.json ? JSON.stringify(report, null, 2) : reportText(report));
  if (report.verdict.findings.length > 0) process.exitCode = 1;
}
