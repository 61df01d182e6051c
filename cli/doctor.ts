/** `kadun doctor`: can Kadun run here, and is its data directory, or what its servers hold, in order? Changes nothing. */

import { parseArgs } from "node:util";
import type { ShownSetting } from "../platform/config/settings.js";
import type { Given } from "./distributed/read-settings.js";
import { type Finding, fail, ok } from "./doctor/check.js";
import { checkData, checkShippedBundle, runningPid } from "./doctor/data.js";
import { checkLibraries } from "./doctor/libraries.js";
import {
  checkClock,
  checkDisk,
  checkLargePages,
  checkMemory,
  checkNode,
  checkPort,
} from "./doctor/machine.js";
import { checkMoves } from "./doctor/moves.js";
import { pathsOf } from "./embedded/paths.js";
import {
  EMBEDDED_OPTIONS,
  type EmbeddedSettings,
  embeddedSettings,
  settingsHelp,
  shownSettings,
} from "./embedded/settings.js";
import { ExitStatus } from "./exit-status.js";

export const DOCTOR_USAGE = `kadun doctor [OPTIONS] [--json]

Looks at the machine, the libraries and the data directory, and says what to do where something is wrong. Where no --data is
given and KADUN_KAFKA_BROKERS is set, at the machine and what a distributed Kadun's servers hold, by the settings of its roles.
${settingsHelp()}
--json              one JSON object
Exit status: 0 all well or warnings only, 1 something will not work, 64 usage.`;

export async function doctor(args: readonly string[]): Promise<ExitStatus> {
  const { values } = parseArgs({
    args: [...args],
    options: { ...EMBEDDED_OPTIONS, json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(DOCTOR_USAGE);
    return ExitStatus.DONE;
  }
  const { data }: Given = values;
  const isDistributed = (data ?? "") === "" && (process.env.KADUN_KAFKA_BROKERS ?? "") !== "";
  const findings = isDistributed
    ? await examineServers()
    : [
        ...shownSettings(values, process.env).map(settingOf),
        ...(await examine(embeddedSettings(values, process.env))),
      ];
  console.log(values.json === true ? JSON.stringify({ findings }) : findings.map(textOf).join("\n"));
  return findings.some(({ verdict }) => verdict === "fail") ? ExitStatus.FAILED : ExitStatus.DONE;
}

async function examineServers(): Promise<Finding[]> {
  const { checkServers } = await import("./doctor/servers.js");
  const { node } = process.versions;
  return [
    checkNode(node),
    checkMemory(),
    checkLargePages(),
    checkClock(),
    checkShippedBundle(),
    ...(await checkServers()),
  ];
}

async function examine({ data, host, port, officePort }: EmbeddedSettings): Promise<Finding[]> {
  const paths = pathsOf(data);
  // Its own ports are taken by itself.
  const ports =
    runningPid(paths) !== null
      ? []
      : [
          await checkPort("port", { host, port, portOption: "--port", hostOption: "--host" }),
          await checkPort("office port", {
            host,
            port: officePort,
            portOption: "--office-port",
            hostOption: "--host",
          }),
        ];
  return [
    checkNode(process.versions.node),
    checkMemory(),
    checkLargePages(),
    checkDisk(data),
    checkClock(),
    ...ports,
    ...samePort(port, officePort),
    ...(await checkLibraries()),
    checkShippedBundle(),
    ...checkData(paths),
    ...(await checkMoves(paths)),
  ];
}

function settingOf({ variable, shown, source }: ShownSetting): Finding {
  return ok(variable, `${shown} (${source})`);
}

/** Each is free by itself; together the second one to come is not. */
function samePort(port: number, officePort: number): Finding[] {
  if (port === 0 || port !== officePort) return [];
  return [fail("ports", `${port} is both ports`, "name two with --port and --office-port")];
}

function textOf({ name, verdict, detail, next }: Finding): string {
  return `${verdict.padEnd(5)}${name.padEnd(26)}${detail}${next === null ? "" : `\n     → ${next}`}`;
}
