/** What is refused before an activation is appended, what is stored and appended, and in which order. */

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import Fastify, { type FastifyInstance } from "fastify";
import type { LoadedBundle } from "../../../cli/bundle-files.js";
import { Activations } from "../../../cli/process/activations.js";
import { addLocalRoutes } from "../../../cli/process/local-routes.js";
import { EventLogError, type LogProducer } from "../../../platform/event-log/event-log.js";
import { MemoryEventLog } from "../../../platform/event-log/memory/memory-event-log.js";
import { MemoryLogWorld } from "../../../platform/event-log/memory/memory-log-world.js";
import type { RunningActivation } from "../../../schemas/http/activations.js";
import { decodeJournalBody } from "../../../schemas/log-body.js";
import { Topic } from "../../../schemas/topics.js";
import type { GatewayOptions } from "../../../services/ingest/gateway-options.js";
import { JournalWriter } from "../../../services/ingest/journal-writer.js";
import { changedBundle } from "../../detector/changed-bundle.js";
import { defaultBundle } from "../../support/judge.js";

const PARTITIONS = 3;
const other = changedBundle({ ruleset: { rules: [{ id: "R14", params: { limitFen: 1_000 } }] } });
const [BASE, OTHER] = [defaultBundle.bundle.hash, other.bundle.hash];
const RUNNING: RunningActivation = {
  sequence: 4,
  bundleHash: BASE,
  shadowBundleHash: null,
  engineVersion: "2",
  publishedBy: [],
};

let world: MemoryLogWorld;
let stored: Map<string, LoadedBundle>;
let running: (RunningActivation | null)[];
let happened: string[];
let failing: Set<number>;
let app: FastifyInstance;
let address: string;

beforeEach(async () => {
  world = new MemoryLogWorld({ [Topic.JOURNAL]: PARTITIONS });
  stored = new Map();
  running = Array.from({ length: PARTITIONS }, () => null);
  happened = [];
  failing = new Set();
  const producer = await new MemoryEventLog(world).producer(Topic.JOURNAL);
  const told: LogProducer = {
    append: async (partition, entries) => {
      if (failing.has(partition)) throw new EventLogError("UNREACHABLE", "away", { retryable: true });
      happened.push(`appended ${partition}`);
      return producer.append(partition, entries);
    },
    flush: () => producer.flush(),
    close: () => producer.close(),
  };
  const activations = new Activations({
    writer: new JournalWriter({ producer: told, partitionCount: PARTITIONS }),
    bundles: {
      put: async (bundle) => {
        // Whoever does not wait for it appends sooner.
        await new Promise((resolve) => setImmediate(resolve));
        stored.set(bundle.bundle.hash, bundle);
        happened.push(`stored ${bundle.bundle.hash.slice(0, 6)}`);
      },
      whole: async (hash) => stored.get(hash) ?? null,
    },
    engineVersions: ["2", "1"],
    running: () => running,
  });
  app = Fastify({ bodyLimit: 8 << 20 });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) =>
    done(null, body),
  );
  const networks = {
    admit: (key: string | undefined) =>
      key === "Bearer local" ? { network: { name: "local" } } : { refused: "KEY_INVALID" },
  };
  addLocalRoutes(app, { networks } as unknown as GatewayOptions, {
    metricsText: { contentType: "text/plain", text: async () => "" },
    activations,
  });
  address = await app.listen({ host: "127.0.0.1", port: 0 });
});
afterEach(() => app.close());

async function ask(method: "GET" | "POST", payload?: object, authorization = "Bearer local") {
  const response = await fetch(`${address}/local/activations`, {
    method,
    headers: { authorization, "content-type": "application/json" },
    ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const publish = (request: object) => ask("POST", request);

function journal(partition: number) {
  return world
    .read(Topic.JOURNAL, partition, 0, { recordsMax: 100, bytesMax: 1e9, waitMs: 0 })
    .map(({ value }) => decodeJournalBody(value));
}

describe("an activation is published", () => {
  test("to all partitions, behind its bundles", async () => {
    const request = {
      sequence: 5,
      content: defaultBundle.content,
      shadow: other.content,
      publishedBy: ["A", "B", "C"],
    };
    const answer = {
      sequence: 5,
      bundleHash: BASE,
      shadowBundleHash: OTHER,
      engineVersion: "2",
      partitions: [0, 1, 2],
    };
    expect(await publish(request)).toEqual({ status: 200, body: answer });
    const record = {
      type: "activation",
      sequence: 5,
      bundleHash: BASE,
      shadowBundleHash: OTHER,
      engineVersion: "2",
      publishedBy: ["A", "B", "C"],
    };
    for (let partition = 0; partition < PARTITIONS; partition++) expect(journal(partition)).toEqual([record]);
    expect(happened.slice(0, 2)).toEqual([`stored ${BASE.slice(0, 6)}`, `stored ${OTHER.slice(0, 6)}`]);
    expect(happened.slice(2).sort()).toEqual(["appended 0", "appended 1", "appended 2"]);
  });

  test("by the hash of a stored bundle, without a draft, by another engine, to some partitions", async () => {
    stored.set(OTHER, other);
    const request = {
      sequence: 0,
      bundleHash: OTHER,
      shadow: null,
      engineVersion: "1",
      publishedBy: [],
      partitions: [2],
    };
    expect(await publish(request)).toMatchObject({
      status: 200,
      body: { engineVersion: "1", partitions: [2] },
    });
    expect(journal(2)).toEqual([
      { type: "activation", sequence: 0, bundleHash: OTHER, engineVersion: "1", publishedBy: [] },
    ]);
    expect(journal(0)).toEqual([]);
  });

  test("again, as often as it is sent, also by the hashes of what was sent whole", async () => {
    await publish({ sequence: 5, content: defaultBundle.content, shadow: other.content, publishedBy: [] });
    running = running.map(() => ({ ...RUNNING, sequence: 5, shadowBundleHash: OTHER }));
    const again = { sequence: 5, bundleHash: BASE, shadow: OTHER, publishedBy: [], partitions: [1] };
    expect(await publish(again)).toMatchObject({ status: 200 });
    expect([0, 1, 2].map((partition) => journal(partition).length)).toEqual([1, 2, 1]);
  });
});

describe("nothing is appended", () => {
  test.each<[string, object, number, object]>([
    ["without the local key", {}, 401, { error: "needs the key of the network 'local'" }],
    [
      "of a request with mistakes, all of them named",
      { sequence: -1, publishedBy: ["A", "B", "C", "D"], partitions: [], more: 1 },
      400,
      {
        code: "REQUEST_INVALID",
        problems: expect.arrayContaining([
          { path: "sequence", expected: expect.stringMatching(/>=0 \(given -1\)$/) },
          { path: "publishedBy", expected: expect.stringContaining("<=3") },
          { path: "partitions", expected: expect.stringContaining(">=1") },
          { path: "more", expected: expect.any(String) },
        ]),
      },
    ],
    [
      "with neither bundle nor hash",
      { sequence: 1, publishedBy: [] },
      400,
      { problems: [{ path: "content", expected: "either content or bundleHash (given neither)" }] },
    ],
    [
      "with both",
      { sequence: 1, publishedBy: [], content: {}, bundleHash: BASE },
      400,
      { problems: [{ path: "content", expected: "either content or bundleHash (given both)" }] },
    ],
    [
      "to partitions that there are not, or twice",
      { sequence: 1, publishedBy: [], content: defaultBundle.content, partitions: [0, 3, 0] },
      400,
      {
        problems: [
          { path: "partitions.1", expected: "at most 2 (given 3)" },
          { path: "partitions.2", expected: "each partition once (given 0 again)" },
        ],
      },
    ],
    [
      "of a bundle that is not one",
      { sequence: 1, publishedBy: [], content: { ...defaultBundle.content, calendar: 7, advice: undefined } },
      400,
      {
        code: "BUNDLE_INVALID",
        problems: [
          { path: "content.calendar", expected: expect.stringMatching(/expected object.* \(given 7\)$/) },
          { path: "content.advice", expected: expect.any(String) },
        ],
      },
    ],
    [
      "of a bundle with mistakes, or with such a draft, each by its path",
      {
        sequence: 1,
        publishedBy: [],
        content: defaultBundle.content,
        shadow: {
          ...other.content,
          ruleset: {
            ...other.ruleset,
            overrides: { "9901": { R14: { params: { limitFen: -1 } } } },
          },
        },
      },
      400,
      {
        code: "BUNDLE_INVALID",
        problems: [
          { path: "shadow.overrides.9901", expected: expect.stringContaining("unknown province '99'") },
          {
            path: "shadow.overrides.9901.R14.params.limitFen",
            expected: expect.stringContaining("(given -1)"),
          },
        ],
      },
    ],
    [
      "of a hash that is not stored",
      { sequence: 1, publishedBy: [], bundleHash: BASE },
      400,
      {
        code: "BUNDLE_UNKNOWN",
        problems: [{ path: "bundleHash", expected: expect.stringContaining(`"${BASE}"`) }],
      },
    ],
    [
      "with a draft whose hash is not stored",
      { sequence: 1, publishedBy: [], content: defaultBundle.content, shadow: OTHER },
      400,
      { code: "BUNDLE_UNKNOWN", problems: [{ path: "shadow", expected: expect.stringContaining(OTHER) }] },
    ],
    [
      "of an engine that the program does not carry",
      { sequence: 1, publishedBy: [], content: defaultBundle.content, engineVersion: "9" },
      400,
      {
        code: "ENGINE_UNKNOWN",
        problems: [
          { path: "engineVersion", expected: 'an engine that this program carries: 2, 1 (given "9")' },
        ],
      },
    ],
  ])("%s", async (title, request, status, body) => {
    const answer = await ask("POST", request, title.startsWith("without") ? "Bearer other" : undefined);
    expect(answer).toEqual({ status, body: expect.objectContaining(body) });
    expect(happened).toEqual([]);
  });

  test("below what runs in any partition, or beside it with other content", async () => {
    running[1] = RUNNING;
    const request = { content: defaultBundle.content, publishedBy: [] };
    expect(await publish({ ...request, sequence: 3 })).toMatchObject({
      status: 409,
      body: { code: "ACTIVATION_SUPERSEDED", running: RUNNING, error: expect.stringContaining("(given 3)") },
    });
    for (const change of [{ content: other.content }, { shadow: other.content }, { engineVersion: "1" }])
      expect(await publish({ ...request, sequence: 4, ...change })).toMatchObject({
        status: 409,
        body: { code: "ACTIVATION_CONFLICT", running: RUNNING },
      });
    expect(happened).toEqual([]);
    expect(await publish({ ...request, sequence: 4 })).toMatchObject({ status: 200 });
  });

  test("of the second of two that come at once under one number with other content", async () => {
    const [first, second] = await Promise.all([
      publish({ sequence: 1, content: defaultBundle.content, publishedBy: [] }),
      publish({ sequence: 1, content: other.content, publishedBy: [] }),
    ]);
    expect([first!.status, second!.status]).toEqual([200, 409]);
    expect(journal(0)).toHaveLength(1);
  });
});

test("where partitions do not take it they are named, and it may be sent again", async () => {
  failing.add(0);
  failing.add(2);
  const request = { sequence: 1, content: defaultBundle.content, publishedBy: [] };
  expect(await publish(request)).toMatchObject({
    status: 503,
    body: { code: "JOURNAL_INCOMPLETE", failedPartitions: [0, 2] },
  });
  failing.clear();
  expect(await publish({ ...request, partitions: [0, 2] })).toMatchObject({ status: 200 });
  expect([0, 1, 2].map((partition) => journal(partition).length)).toEqual([1, 1, 1]);
});

describe("what runs is told", () => {
  test("by partition, with the last one that is known", async () => {
    running[1] = RUNNING;
    expect(await ask("GET")).toEqual({
      status: 200,
      body: {
        last: RUNNING,
        engineVersions: ["2", "1"],
        partitions: [
          { partition: 0, running: null },
          { partition: 1, running: RUNNING },
          { partition: 2, running: null },
        ],
      },
    });
  });

  test("with what was appended here, before any partition took it, and nothing that was appended nowhere", async () => {
    for (const partition of [0, 1, 2]) failing.add(partition);
    const request = { sequence: 6, content: defaultBundle.content, publishedBy: ["A"] };
    await publish(request);
    expect((await ask("GET")).body.last).toBeNull();
    failing.delete(1);
    await publish(request);
    expect((await ask("GET")).body).toMatchObject({ last: { ...RUNNING, sequence: 6, publishedBy: ["A"] } });
  });
});
