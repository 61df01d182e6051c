/** How long a member may believe that it is one, whatever its timers and news say. */

import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { momentNow, SessionTimer } from "../../../../../platform/event-log/kafka/group/session-timer.js";

const TIMEOUT_MS = 10_000;
let ended = 0;
let timer: SessionTimer;
beforeEach(() => {
  jest.useFakeTimers({ now: 1_000_000 });
  ended = 0;
  timer = new SessionTimer(TIMEOUT_MS, () => {
    ended += 1;
  });
});
afterEach(() => {
  timer.stop();
  jest.useRealTimers();
});

test("it is sure from an accepted request on, for the session's time", () => {
  expect(timer.isSure).toBe(false);
  timer.accepted(momentNow());
  jest.advanceTimersByTime(TIMEOUT_MS - 1);
  expect([timer.isSure, ended]).toEqual([true, 0]);
  jest.advanceTimersByTime(1);
  expect([timer.isSure, ended]).toEqual([false, 1]);
});

test("a process that stood still is not sure, before its timer has run", () => {
  timer.accepted(momentNow());
  jest.setSystemTime(Date.now() + TIMEOUT_MS);
  expect([timer.isSure, ended]).toEqual([false, 0]);
});

test("an answer that waited for the process to wake up makes nothing sure", () => {
  const sentAt = momentNow();
  jest.advanceTimersByTime(TIMEOUT_MS);
  timer.accepted(sentAt, performance.now());
  expect(timer.isSure).toBe(false);
  timer.accepted(momentNow());
  expect(timer.isSure).toBe(true);
});

test("a member that has stopped is not sure", () => {
  timer.accepted(momentNow());
  timer.stop();
  expect(timer.isSure).toBe(false);
});
