/**
 * Every route × regions (the row's own, another one, none, the nation): what belongs to another region is not there, in no
 * answer and for no change. From the tables of routes; what to ask of each stands in region-samples.ts.
 */

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { startEvidence } from "../../../cli/process/evidence-process.js";
import { MemoryKeyValue } from "../../../platform/key-value/memory/memory-key-value.js";
import { silentLogger } from "../../../platform/logger/logger.js";
import { noMetrics } from "../../../platform/metrics/metrics.js";
import { ROLES } from "../../../schemas/console/access.js";
import { hashOf } from "../../../services/alerts/patrol/finding.js";
import { FindingsStore } from "../../../services/alerts/patrol/findings-store.js";
import { patrolOf } from "../../../services/alerts/patrol/registry.js";
import { institutionBytes, institutionKey } from "../../../services/ingest/institution-entry.js";
import {
  BANK_ACCOUNT,
  CASE,
  decisionIdOf,
  msgidOf,
  STATEMENT,
  threeSwipes,
  view,
} from "../../alerts/appeals/appeals-world.js";
import { PERSON } from "../../alerts/outcome-records.js";
import { START_MS } from "../../support/records.js";
import { ConsoleWorld } from "../server/console-world.js";
import { decisionRow } from "../server/memory-rows.js";
import { type Browser, signedIn } from "./browser-world.js";
import { ACCOUNT, FINDING, PACKAGE, REQUEST, regionSamples, SHOP, SWIPE } from "./region-samples.js";
import { addressOf, routeTables, type TableRoute } from "./route-tables.js";

const WORLDS = ["nation", "own", "other", "none"] as const;
type Whose = (typeof WORLDS)[number];
const SCOPES: Readonly<Record<Whose, readonly string[]>> = {
  nation: [""],
  own: ["33"],
  other: ["31", "12"],
  none: [],
};
/** Mounted elsewhere: what they are asked goes to the process's own parts. */
const NOT_HERE = ["OVERVIEW_ROUTES", "RULES_CONSOLE_ROUTES", "RULES_ROUTES"];
const GONE = ["NOT_FOUND", "CASE_UNKNOWN", "REQUEST_UNKNOWN"];

const routes = await routeTables();
const browsers = new Map<Whose, Browser>();
let world: ConsoleWorld;
let server: Server;
let url: string;
let samples: ReturnType<typeof regionSamples>;

beforeAll(async () => {
  world = await ConsoleWorld.open();
  await world.empty();
  await world.desk.consume(threeSwipes());
  samples = regionSamples(await submittedAppeal());
  await rowsOfHangzhou();
  for (const whose of WORLDS)
    browsers.set(whose, await signedIn(world, `sees-${whose}`, { roles: ROLES, scope: SCOPES[whose] }));
  await world.ask("local", "POST", "/v1/console/accounts", {
    name: ACCOUNT,
    roles: ["analyst"],
    scope: ["3301"],
  });
  const evidence = await startEvidence(
    {
      database: world.desk.database,
      log: { partitionCount: async () => 1 } as never,
      institutions: world.institutions,
      contacts: world.contacts,
      moved: new MemoryKeyValue(),
      box: world.box,
      clock: world.clock,
      logger: silentLogger,
      metrics: noMetrics,
      metricsText: { contentType: "text/plain", text: async () => "" },
    },
    {
      folder: world.desk.folder,
      keys: world.evidenceKeys,
      proofs: {} as never,
      archive: "",
      people: world.people,
      admit: world.access.gate.admit,
      gateway: () => {
        throw new Error("no gateway");
      },
      bundleOf: async () => null,
      timeStampUrl: "",
    },
  );
  mkdirSync(join(world.desk.folder, "packages"), { recursive: true });
  writeFileSync(join(world.desk.folder, "packages", `${PACKAGE} kadun-evidence-${CASE}.zip`), "zip");
  server = createServer(async (request, response) => {
    if (!(await evidence(request, response))) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

async function submittedAppeal(): Promise<string> {
  const { holder } = world.appeals;
  const { appealId } = view(await holder.open(PERSON, CASE));
  const content = Buffer.from("JPEG");
  const document = { kind: "police-receipt", name: "x.jpg", mediaType: "image/jpeg", content } as const;
  await holder.addDocument(PERSON, appealId, document);
  const swipes = [decisionIdOf(1)];
  await holder.save(PERSON, appealId, { statement: STATEMENT, swipes, bankAccount: BANK_ACCOUNT });
  await holder.submit(PERSON, appealId, "s");
  await sql`insert into appeal_reversals (decision_id, appeal_id, person_key, event_id, oinfno, total_fen, asked_at)
    values (${decisionIdOf(1)}, ${appealId}, ${PERSON}, ${msgidOf(1)}, '2207', 100, now())`.execute(
    world.desk.tables,
  );
  return appealId;
}

async function rowsOfHangzhou(): Promise<void> {
  world.figures.rows = [decisionRow(SWIPE, { personKey: PERSON })];
  await sql`insert into evidence_requests (request_id, case_id, reason, requested_by, requested_at)
    values (${REQUEST}, ${CASE}, 'r', 'lin', now())`.execute(world.desk.tables);
  await world.institutions.put(
    institutionKey(SHOP),
    institutionBytes({ institutionId: SHOP, name: "药店", kind: "pharmacy", region: "330106" }),
  );
  const text = "select 1";
  await new FindingsStore(world.desk.database).store({
    query: { patrol: patrolOf("R11"), sql: text, sha256: hashOf(text) } as never,
    severity: "high",
    parameters: { settings: {}, query: { fromMs: 1 } },
    findings: [
      {
        findingId: FINDING,
        patrol: "R11",
        subjectKind: "terminal",
        subject: `${SHOP}/${FINDING}`,
        formerSubjects: [],
        window: "2026-03-01",
        institutionId: SHOP,
        facts: { cards: 7, cardsOfDay: 9 },
        evidence: [{ atMs: START_MS, eventId: "e", personKey: PERSON, cardKey: "c", institutionId: SHOP }],
        evidenceCount: 1,
        evidenceSha256: hashOf(FINDING),
        region: "330106",
      },
    ],
    progress: { standing: { nextOffsets: [1], clockMs: START_MS }, recordsMax: 10 },
    seenAtMs: START_MS,
  });
}

interface Told {
  readonly status: number;
  readonly code: string | null;
  readonly text: string;
}

async function ask(
  whose: Whose,
  { table, method, path }: TableRoute,
  given: { path?: object; query?: string; body?: unknown },
): Promise<Told> {
  const { cookie, csrf } = browsers.get(whose)!;
  const origin = table === "EVIDENCE_ROUTES" ? url : world.url;
  const address = `${addressOf(path, { ...given.path } as Record<string, string>)}${given.query ?? ""}`;
  const hasBody = given.body !== undefined && method !== "GET";
  const response = await fetch(`${origin}${address}`, {
    method,
    headers: {
      cookie: cookie!,
      "x-kadun-csrf": csrf,
      ...(hasBody && { "content-type": "application/json" }),
    },
    ...(hasBody && { body: JSON.stringify(given.body) }),
  });
  const text = await response.text();
  const code = response.status < 400 ? null : (JSON.parse(text) as { code: string }).code;
  return { status: response.status, code, text };
}

test("each route has a sample, and each sample a route", () => {
  const missing = routes.filter(({ name }) => !Object.hasOwn(samples, name)).map(({ name }) => name);
  if (missing.length > 0)
    throw new Error(
      `${missing.join(", ")}: no sample in test/console/access/region-samples.ts; add what to ask so that a row of Hangzhou is asked for ('row' with its path and body, 'list' with a mark that only its region may see), or why it has none`,
    );
  const known = new Set(routes.map(({ name }) => name));
  expect(Object.keys(samples).filter((name) => !known.has(name))).toEqual([]);
  for (const [name, sample] of Object.entries(samples)) {
    if (sample.kind === "elsewhere") expect([name, existsSync(sample.test)]).toEqual([name, true]);
    const isHere = ["row", "list", "nation"].includes(sample.kind);
    if (isHere) expect([name, NOT_HERE.some((table) => name.startsWith(`${table}.`))]).toEqual([name, false]);
  }
});

test.each(["other", "none"] as const)(
  "a row of a region is not there for whoever has %s, to see or to change",
  async (whose) => {
    for (const route of routes) {
      const sample = samples[route.name]!;
      if (sample.kind !== "row") continue;
      const { status, code } = await ask(whose, route, sample);
      expect([route.name, status, GONE.includes(code ?? "")]).toEqual([route.name, 404, true]);
    }
  },
);

test.each(["other", "none"] as const)("no list holds a row of a region for whoever has %s", async (whose) => {
  for (const route of routes) {
    const sample = samples[route.name]!;
    if (sample.kind !== "list") continue;
    const { status, text } = await ask(whose, route, sample);
    expect([route.name, status]).toEqual([route.name, 200]);
    for (const mark of sample.marks)
      expect([route.name, mark, text.includes(mark)]).toEqual([route.name, mark, false]);
  }
});

test("what is the whole nation's is nobody's of a region", async () => {
  for (const route of routes.filter(({ name }) => samples[name]!.kind === "nation")) {
    for (const whose of ["own", "other", "none"] as const)
      expect([route.name, (await ask(whose, route, {})).code]).toEqual([route.name, "NOT_ALLOWED"]);
    expect((await ask("nation", route, {})).status).toBe(200);
  }
});

/** Last: some of it changes what is asked for. */
test("the same is there for its own region, else the samples would prove nothing", async () => {
  // What is handed over, approved and ended is so once.
  const reading = routes.toSorted((a, b) => Number(a.method !== "GET") - Number(b.method !== "GET"));
  for (const route of reading) {
    const sample = samples[route.name]!;
    if (sample.kind === "row" && sample.isMissing !== true) {
      const { code, text } = await ask("own", route, sample);
      const told = [
        route.name,
        code,
        GONE.includes(code ?? "") || ["BODY_INVALID", "INTERNAL"].includes(code ?? ""),
      ];
      expect(told).toEqual([route.name, code, false]);
      expect(text).not.toBe("");
    }
    if (sample.kind === "list") {
      const { text } = await ask("own", route, sample);
      for (const mark of sample.marks)
        expect([route.name, mark, text.includes(mark)]).toEqual([route.name, mark, true]);
    }
  }
});
