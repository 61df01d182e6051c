import { expect, test } from "@jest/globals";
import { ENGINE_NAMES } from "../../../bench/end-to-end/engine.js";
import { ENGINES } from "../../../bench/end-to-end/engines/engines.js";
import { compareOptions } from "../../../bench/end-to-end/options.js";
import { pacedSides } from "../../../bench/end-to-end/paced-sides.js";
import { serverSettings } from "../../../bench/end-to-end/server-settings.js";

test("without arguments everything but exactly once is compared, in all ways", () => {
  expect(compareOptions([])).toMatchObject({
    engines: ["kadun", "flink", "kafka-streams-memory", "kafka-streams", "kafkajs-worker"],
    what: ["in-process", "drain", "paced"],
    rounds: 3,
    rates: [2000, 10_000],
    seconds: 12,
    peerLingersMs: [0, 2],
    loadClients: "kadun",
    warmUps: { firstSeconds: 25, seconds: 5 },
    json: false,
  });
});

test("engines stand in the order of the table, however they are named", () => {
  const options = compareOptions(["--only", "kafkajs-worker, kafka-streams-exactly-once,kadun"]);
  expect(options?.engines).toEqual(["kadun", "kafka-streams-exactly-once", "kafkajs-worker"]);
});

test("several things are measured in one order, however they are named", () => {
  expect(compareOptions(["--what", "paced, in-process"])?.what).toEqual(["in-process", "paced"]);
});

test("rates, rounds, events and seconds are taken as they are given", () => {
  const options = compareOptions(
    "--rates 500 --rounds 2 --events 10000 --seconds 5 --what paced --load kafka-new --warm-up-seconds 10,4".split(
      " ",
    ),
  );
  expect(options).toMatchObject({
    ...{ rates: [500], rounds: 2, events: 10_000, seconds: 5, what: ["paced"] },
    ...{ loadClients: "kafka-new", warmUps: { firstSeconds: 10, seconds: 4 } },
  });
});

test("a Java peer is paced once with each setting, others once", () => {
  const { engines, peerLingersMs } = compareOptions(
    "--only kadun,flink,kafkajs-worker --peer-linger-ms 0,5,0".split(" "),
  )!;
  const sides = pacedSides(
    engines.map((name) => ENGINES[name]),
    peerLingersMs,
  );
  expect(sides.map(({ name, title, peerLingerMs }) => [name, title, peerLingerMs])).toEqual([
    ["kadun", "Kadun", 0],
    ["flink@0", "Flink, gathers 0 ms", 0],
    ["flink@5", "Flink, gathers 5 ms", 5],
    ["kafkajs-worker", "plain kafkajs worker", 0],
    ["floor", "no engine", 0],
  ]);
});

test("help is no options", () => {
  expect(compareOptions(["--help"])).toBeNull();
});

test.each([
  [["--only", "storm"], `--only 'storm': expected ${ENGINE_NAMES.join(", ")}`],
  [["--what", "both"], "--what 'both': expected in-process, drain, paced"],
  [["--rounds", "0"], "--rounds '0': expected a whole number from 1 to 99"],
  [["--rates", "2000,"], "--rates '': expected a whole number from 1"],
  [["--events", "9999"], "--events '9999': expected a whole number from 10000"],
  [["--seconds", "1.5"], "--seconds '1.5': expected a whole number from 1"],
  [["--peer-linger-ms", "0,x"], "--peer-linger-ms 'x': expected a whole number from 0 to 1000"],
  [["--load", "java"], "--load 'java': expected kadun, kafka, kafka-new"],
  [["--warm-up-seconds", "10"], "--warm-up-seconds '10': expected two whole numbers, such as 25,5"],
  [["--warm-up-seconds", "10,x"], "--warm-up-seconds 'x': expected a whole number from 0 to 3600"],
  [["--round", "3"], "Unknown option '--round'"],
])("%j is refused with what was expected", (args, message) => {
  expect(() => compareOptions(args)).toThrow(message);
});

test("servers that are there are named whole, or not at all", () => {
  const servers = {
    brokers: "127.0.0.1:9092",
    brokerPid: 1,
    redisUrl: "redis://127.0.0.1:6379",
    redisPid: 2,
    broker: "one node",
  };
  expect(serverSettings({})).toBeNull();
  expect(serverSettings({ KADUN_BENCH_SERVERS: JSON.stringify(servers) })).toEqual(servers);
  for (const text of ["{", '{"brokers":"127.0.0.1:9092"}'])
    expect(() => serverSettings({ KADUN_BENCH_SERVERS: text })).toThrow(
      "KADUN_BENCH_SERVERS: expected JSON with brokers, brokerPid, redisUrl, redisPid, broker",
    );
});
