import { expect, test } from "@jest/globals";
import { Judge } from "../../../../bench/peers/kafkajs-worker/judge.js";
import { workerOptions } from "../../../../bench/peers/kafkajs-worker/options.js";
import { PlainNode } from "../../../../bench/peers/plain-node/plain-node.js";
import { SwipeGenerator } from "../../../../bench/swipe-5/generator.js";
import {
  isLost,
  JOB_RULES,
  type JobDecision,
  type JobSwipe,
  psnNoOf,
} from "../../../../bench/swipe-5/job.js";

const PERSONS = 300;
const SWIPES = 20_000;
const NOW_MS = 1_793_500_000_000;
const MINUTE_MS = 60_000;

test("the kafkajs worker decides every swipe as plain Node does, and every rule hits", () => {
  const generator = new SwipeGenerator(PERSONS, { seed: 99 });
  const plain = new PlainNode(PERSONS);
  const judge = new Judge();
  for (let person = 0; person < PERSONS; person++) judge.setLost(psnNoOf(person), isLost(person));
  const hits = new Set<string>();
  for (let i = 0; i < SWIPES; i++) {
    const message = JSON.stringify(generator.next());
    const expected = Buffer.from(plain.handle(Buffer.from(message), NOW_MS)).toString();
    const actual = judge.answer(message, NOW_MS);
    if (actual !== expected) expect(actual).toBe(expected);
    for (const hit of (JSON.parse(actual) as JobDecision).ruleHits) hits.add(hit);
  }
  expect([...hits].sort()).toEqual([...JOB_RULES].sort());
});

test.each([
  ["the fifth swipe exactly an hour after the first", [0, 1, 2, 3, 60 * MINUTE_MS], ["FREQUENT"]],
  ["the fifth swipe a millisecond later", [0, 1, 2, 3, 60 * MINUTE_MS + 1], []],
])("windows are closed at both ends: %s", (_name, times, expected) => {
  const judge = new Judge();
  const answers = times.map((eventTime) => judge.answer(JSON.stringify(swipeAt(eventTime)), NOW_MS));
  expect((JSON.parse(answers.at(-1)!) as JobDecision).ruleHits).toEqual(expected);
});

test("a loss that is taken back is no loss", () => {
  const judge = new Judge();
  const { psnNo } = swipeAt(0);
  judge.setLost(psnNo, true);
  expect(actionOf(judge.answer(JSON.stringify(swipeAt(0)), NOW_MS))).toBe("reject");
  judge.setLost(psnNo, false);
  expect(actionOf(judge.answer(JSON.stringify(swipeAt(1)), NOW_MS))).toBe("accept");
});

test("the worker names the argument that it lacks, and the one it cannot read", () => {
  const given = ["--brokers", "a:1,b:2", "--input", "i", "--card-status", "c", "--output", "o"];
  expect(() => workerOptions(given)).toThrow("--group is missing");
  expect(() => workerOptions([...given, "--group", "g", "--concurrent", "0"])).toThrow("--concurrent 0");
  expect(workerOptions([...given, "--group", "g"]).brokers).toEqual(["a:1", "b:2"]);
});

function swipeAt(eventTime: number): JobSwipe {
  const swipe = new SwipeGenerator(1, { seed: 3 }).next();
  return { ...swipe, eventTime, eventType: "QUERY", pinResult: "OK", psnNo: psnNoOf(1) };
}

function actionOf(decision: string): string {
  return (JSON.parse(decision) as JobDecision).action;
}
