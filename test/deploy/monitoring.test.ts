/** Prometheus' settings and rules and Grafana's dashboard ask for metrics and labels that Kadun really has. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import * as z from "zod";
import { packageRoot } from "../../cli/package-root.js";
import { PrometheusMetrics } from "../../platform/metrics/prometheus/prometheus-metrics.js";
import { composeFile, deployFolder } from "./compose-file.js";

const Rules = z.object({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z.string().optional(),
          annotations: z.strictObject({ summary: z.string() }),
        }),
      ),
    }),
  ),
});
const Dashboard = z.object({
  uid: z.string(),
  panels: z.array(
    z.object({
      id: z.int(),
      title: z.string(),
      datasource: z.object({ uid: z.string() }),
      gridPos: z.object({ x: z.int(), y: z.int(), w: z.int(), h: z.int() }),
      targets: z.array(z.object({ expr: z.string(), legendFormat: z.string() })).min(1),
    }),
  ),
});
const Sources = z.object({ datasources: z.array(z.object({ uid: z.string(), url: z.url() })) });
const Providers = z.object({ providers: z.array(z.object({ options: z.object({ path: z.string() }) })) });
const Scrapes = z.object({
  rule_files: z.array(z.string()),
  scrape_configs: z.array(
    z.object({
      job_name: z.string(),
      dns_sd_configs: z.array(z.object({ names: z.array(z.string()), port: z.int() })),
    }),
  ),
});

function yaml(...path: string[]): unknown {
  return parse(readFileSync(join(deployFolder, ...path), "utf8"));
}

/** Where it is scraped, and of Prometheus itself. */
const TARGET_LABELS = ["job", "instance", "role", "le"];

interface Metric {
  readonly name: string;
  readonly labels: readonly string[];
}

/** As the sources declare them: `counter({ name: "kadun_…", help: …, labels: […] })`. */
function declaredMetrics(): readonly Metric[] {
  const folders = ["services", "platform", "cli"].map((folder) => join(packageRoot, folder));
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name)),
  );
  return files.flatMap((file) => metricsOf(readFileSync(file, "utf8")));
}

function metricsOf(source: string): readonly Metric[] {
  const shared = /const labels = (\[[^\]]*\])/.exec(source)?.[1] ?? "[]";
  const calls = source.matchAll(/\b(counter|gauge|histogram)\(\{\s*name: "(kadun_[a-z0-9_]+)"([^}]*)\}/g);
  return [...calls].flatMap(([, kind, name, rest]) => {
    const list = /labels: (\[[^\]]*\])/.exec(rest!)?.[1] ?? (/\blabels\b/.test(rest!) ? shared : "[]");
    const labels = [...list.matchAll(/"([a-z_]+)"/g)].map(([, label]) => label!);
    const suffixes = kind === "histogram" ? ["_bucket", "_sum", "_count"] : [""];
    return suffixes.map((suffix) => ({ name: `${name}${suffix}`, labels }));
  });
}

async function knownMetrics(): Promise<ReadonlyMap<string, readonly string[]>> {
  const text = await new PrometheusMetrics().text();
  const ofProcess = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => ({ name: name!, labels: [] }));
  const all = [...declaredMetrics(), ...ofProcess, { name: "up", labels: [] }];
  return new Map(all.map(({ name, labels }) => [name, labels]));
}

const WORDS = /"[^"]*"|[a-zA-Z_][a-zA-Z0-9_]*/g;
const GRAMMAR = [
  "sum",
  "max",
  "by",
  "or",
  "rate",
  "increase",
  "histogram_quantile",
  "absent",
  "m",
  "__rate_interval",
];

/** Names of an expression, texts left out: metrics and labels. */
function namesOf(expression: string): readonly string[] {
  const words = (expression.match(WORDS) ?? []).filter((word) => !word.startsWith('"'));
  return words.filter((word) => !GRAMMAR.includes(word));
}

/** What an expression names that is neither a metric nor a label of one of its metrics. */
function unknownIn(expression: string, known: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const words = namesOf(expression);
  const labels = [...words.flatMap((word) => known.get(word) ?? []), ...TARGET_LABELS];
  return words.filter((word) => !known.has(word) && !labels.includes(word));
}

const rules = Rules.parse(yaml("prometheus", "alerts.yaml")).groups.flatMap((group) => group.rules);
const dashboard = Dashboard.parse(
  JSON.parse(readFileSync(join(deployFolder, "grafana", "dashboards", "kadun.json"), "utf8")),
);
const { services } = composeFile();

describe("what is known of metrics", () => {
  test("comes from their declarations, with labels", async () => {
    const known = await knownMetrics();
    expect(known.get("kadun_detector_outcomes_total")).toEqual(["type", "action"]);
    expect(known.get("kadun_analytics_block_seconds_bucket")).toEqual(["topic"]);
    expect(known.has("process_resident_memory_bytes")).toBe(true);
  });

  test("shows a wrong name and a wrong label", async () => {
    const known = await knownMetrics();
    expect(unknownIn('sum by (partition) (rate(kadun_detector_lags{kind="x"}[5m]))', known)).toEqual([
      "partition",
      "kadun_detector_lags",
      "kind",
    ]);
    expect(unknownIn("sum by (topic) (kadun_detector_lag_records)", known)).toEqual(["topic"]);
  });
});

describe("alerts.yaml", () => {
  test.each(rules)("$alert asks for metrics and labels that exist", async ({ expr, annotations }) => {
    const known = await knownMetrics();
    expect(unknownIn(expr, known)).toEqual([]);
    const labels = [...namesOf(expr).flatMap((word) => known.get(word) ?? []), ...TARGET_LABELS];
    for (const [, label] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) expect(labels).toContain(label);
  });
});

describe("the dashboard", () => {
  const targets = dashboard.panels.flatMap(({ title, targets }) =>
    targets.map((target) => ({ title, ...target })),
  );

  test.each(targets)(
    "$title: $legendFormat is of metrics and labels that exist",
    async ({ expr, legendFormat }) => {
      expect(unknownIn(expr, await knownMetrics())).toEqual([]);
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
      // After "sum by (…)" only those labels are left.
      const grouped = /by \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/);
      for (const label of shown) expect(grouped ?? TARGET_LABELS).toContain(label);
    },
  );

  test("has panels that do not lie on each other, from the provisioned source", () => {
    const [source] = Sources.parse(
      yaml("grafana", "provisioning", "datasources", "prometheus.yaml"),
    ).datasources;
    const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(places.length);
    for (const { datasource, gridPos } of dashboard.panels) {
      expect(datasource.uid).toBe(source!.uid);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      expect([gridPos.x % gridPos.w, gridPos.y % gridPos.h]).toEqual([0, 0]);
    }
    expect(Object.keys(services)).toContain(new URL(source!.url).hostname);
  });

  test("lies where Grafana's provider looks", () => {
    const [provider] = Providers.parse(yaml("grafana", "provisioning", "dashboards", "kadun.yaml")).providers;
    const mounts = services.grafana!.volumes!.map((volume) => volume.split(":"));
    const [folder] = mounts.find(([, target]) => target === provider!.options.path)!;
    expect(readdirSync(join(deployFolder, folder!))).toEqual(["kadun.json"]);
  });
});

describe("prometheus.yaml", () => {
  test("scrapes every role, and reads the rules that are mounted", () => {
    const { rule_files, scrape_configs } = Scrapes.parse(yaml("prometheus", "prometheus.yaml"));
    const roles = Object.entries(services).filter(
      ([, { image, restart }]) => image === "kadun" && restart !== "no",
    );
    expect(
      scrape_configs.flatMap(({ dns_sd_configs }) => dns_sd_configs.flatMap(({ names }) => names)).sort(),
    ).toEqual(roles.map(([name]) => name).sort());
    expect(rule_files.every((file) => existsSync(join(deployFolder, "prometheus", file)))).toBe(true);
    for (const file of rule_files)
      expect(
        services.prometheus!.volumes!.some((volume) => volume.includes(`:/etc/prometheus/${file}:`)),
      ).toBe(true);
  });
});
