/** compose.yaml, as far as it can be checked without an engine. */

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import {
  ALERTS_SETTINGS,
  ANALYTICS_SETTINGS,
  CONSOLE_SETTINGS,
  DETECTOR_SETTINGS,
  INGEST_SETTINGS,
  SETUP_SETTINGS,
} from "../../cli/distributed/settings.js";
import { packageRoot } from "../../cli/package-root.js";
import { listSettings, readSettings, type SettingsTable } from "../../platform/config/settings.js";
import { LARGE_PAGES_TUNABLES } from "../../platform/lifecycle/large-pages.js";
import {
  type ComposeService,
  composeFile,
  composeText,
  deployFolder,
  interpolated,
  interpolatedNames,
} from "./compose-file.js";

/** Not a setting of Kadun's. */
const OF_C_LIBRARY = "GLIBC_TUNABLES";

/** Services that run Kadun, with the settings of their command. */
const TABLES: Readonly<Record<string, SettingsTable>> = {
  topics: SETUP_SETTINGS,
  ingest: INGEST_SETTINGS,
  detector: DETECTOR_SETTINGS,
  alerts: ALERTS_SETTINGS,
  analytics: ANALYTICS_SETTINGS,
  console: CONSOLE_SETTINGS,
};
/** Set in the image. */
const IMAGE_ENVIRONMENT = { KADUN_HOST: "0.0.0.0", KADUN_PORT: "8080" };

const { services, volumes, secrets } = composeFile();
const kadun = Object.entries(TABLES).map(([name, table]) => ({ name, table, service: services[name]! }));
const names = Object.keys(services);

function kadunEnvironment({ environment = {} }: ComposeService): Record<string, string> {
  const given = Object.entries(environment).map(([name, value]) => [name, interpolated(value, "secret")]);
  return { ...IMAGE_ENVIRONMENT, ...Object.fromEntries(given) };
}

function dependenciesOf({ depends_on = {} }: ComposeService): [string, string][] {
  if (Array.isArray(depends_on)) return depends_on.map((name) => [name, "service_started"]);
  return Object.entries(depends_on).map(([name, { condition }]) => [name, condition]);
}

/** Of "source:target[:ro]". */
function sourceOf(volume: string): string {
  return volume.split(":")[0]!;
}

describe("compose.yaml", () => {
  test("puts into the background what no swipe waits for, and nothing else", () => {
    const background = ["alerts", "analytics", "postgres", "clickhouse"];
    for (const [name, { cpu_shares }] of Object.entries(services))
      expect([name, cpu_shares]).toEqual([name, background.includes(name) ? 102 : undefined]);
  });

  test("has the four servers, a container for each role, Prometheus and Grafana", () => {
    const servers = ["kafka", "redis", "postgres", "clickhouse"];
    expect(names.sort()).toEqual([...Object.keys(TABLES), ...servers, "prometheus", "grafana"].sort());
    expect(services.detector!.deploy).toEqual({ replicas: 2 });
  });

  test("asks for large pages for who holds persons' records", () => {
    expect(composeFile().services.detector?.environment).toMatchObject({
      GLIBC_TUNABLES: LARGE_PAGES_TUNABLES,
    });
  });

  test("starts each container with a command of kadun", () => {
    const main = readFileSync(join(packageRoot, "cli", "main.ts"), "utf8");
    for (const { service } of kadun) expect(main).toContain(`  ${service.command![0]}: async () =>`);
  });

  test("makes topics with as many copies as there are brokers", () => {
    const options = services.topics!.command!.slice(1);
    expect(options[options.indexOf("--replication-factor") + 1]).toBe("1");
    expect(names.filter((name) => name.startsWith("kafka"))).toHaveLength(1);
  });

  test("takes images of a fixed version", () => {
    for (const { image, build } of Object.values(services))
      if (build === undefined) expect(image).toMatch(/^[a-z/-]+:v?\d+(\.\d+)*$/);
  });

  test.each(names)("%s waits only for what comes", (name) => {
    for (const [other, condition] of dependenciesOf(services[name]!)) {
      const waitedFor = services[other];
      expect(waitedFor).toBeDefined();
      if (condition === "service_healthy") expect(waitedFor!.healthcheck).toHaveProperty("test");
      if (condition === "service_completed_successfully") expect(waitedFor!.restart).toBe("no");
    }
  });

  test.each(names)("%s mounts declared volumes, secrets and files that exist", (name) => {
    const { volumes: mounted = [], secrets: read = [] } = services[name]!;
    for (const source of mounted.map(sourceOf)) {
      if (source.startsWith("./")) expect(existsSync(join(deployFolder, source))).toBe(true);
      else expect(Object.keys(volumes)).toContain(source);
    }
    for (const secret of read) expect(Object.keys(secrets)).toContain(secret);
  });

  test("declares no volume that nobody mounts", () => {
    const mounted = Object.values(services).flatMap((service) => (service.volumes ?? []).map(sourceOf));
    expect(mounted).toEqual(expect.arrayContaining(Object.keys(volumes)));
  });

  test.each(kadun)("$name runs locked down", ({ service }) => {
    expect(service).toMatchObject({
      image: "kadun",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(existsSync(join(deployFolder, service.build!.context, service.build!.dockerfile))).toBe(true);
  });

  test.each(kadun)("$name has settings of its command only, and all that it needs", ({ service, table }) => {
    const known = listSettings(table).map(({ variable }) => variable);
    const given = Object.keys(service.environment ?? {});
    expect(given.filter((name) => !known.includes(name) && name !== OF_C_LIBRARY)).toEqual([]);
    expect(() => readSettings(table, { options: {}, environment: kadunEnvironment(service) })).not.toThrow();
  });

  test("lets a role write where a volume is, nowhere else", () => {
    const { environment, volumes: mounted = [] } = services.alerts!;
    const targets = mounted.filter((each) => !each.endsWith(":ro")).map((each) => each.split(":")[1]!);
    expect(targets.some((target) => String(environment!.KADUN_SMS_OUTBOX).startsWith(`${target}/`))).toBe(
      true,
    );
  });

  test("gives a role the files of its secrets", () => {
    const file = services.analytics!.environment!.KADUN_CLICKHOUSE_PASSWORD_FILE;
    expect(services.analytics!.secrets!.map((name) => `/run/secrets/${name}`)).toContain(file);
    expect(services.clickhouse!.environment!.CLICKHOUSE_PASSWORD_FILE).toBe(file);
  });
});

describe("make-passwords.sh", () => {
  function inCopy(look: (folder: string, make: () => void) => void): void {
    const folder = mkdtempSync(join(tmpdir(), "kadun-deploy-"));
    try {
      copyFileSync(join(deployFolder, "make-passwords.sh"), join(folder, "make-passwords.sh"));
      look(folder, () => execFileSync("sh", [join(folder, "make-passwords.sh")]));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test("makes every password that compose.yaml takes, for its owner only", () => {
    inCopy((folder, make) => {
      make();
      const lines = readFileSync(join(folder, ".env"), "utf8").trim().split("\n");
      const made = lines.map((line) => /^([A-Z_]+)=[0-9a-f]{32}$/.exec(line)?.[1]);
      expect(made.sort()).toEqual([...interpolatedNames()].sort());
      expect(statSync(join(folder, ".env")).mode & 0o077).toBe(0);
      for (const { file } of Object.values(secrets))
        expect(readFileSync(join(folder, file), "utf8")).toMatch(/^[0-9a-f]{32}$/);
    });
  });

  test("keeps what is there", () => {
    inCopy((folder, make) => {
      make();
      const before = readFileSync(join(folder, ".env"), "utf8");
      make();
      expect(readFileSync(join(folder, ".env"), "utf8")).toBe(before);
    });
  });

  test("is what every interpolation of compose.yaml points to", () => {
    const others = composeText.match(/\$\{(?![A-Z_]+:\?run deploy\/make-passwords\.sh\})[^}]*\}?/g);
    expect(others).toBeNull();
  });
});
