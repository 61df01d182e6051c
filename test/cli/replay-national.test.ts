/** `kadun replay --from national` as a user runs it. */

import { afterAll, describe, expect, test } from "@jest/globals";
import { Workplace } from "../support/kadun.js";
import { nationalSamples, nestedPurchase, PERSON, purchase, request } from "../support/national.js";

const place = new Workplace();
afterAll(() => place.remove());

const ndjson = (messages: readonly unknown[]) =>
  messages.map((message) => (typeof message === "string" ? message : JSON.stringify(message))).join("\n");

describe("a file of the platform's requests", () => {
  const samples = nationalSamples.filter(({ register }) => register === undefined);

  test("is judged as the same records of Kadun's own, byte for byte", () => {
    place.file("national.ndjson", ndjson(samples.map(({ envelope }) => envelope)));
    place.file("own.ndjson", ndjson(samples.map(({ record }) => record)));
    const national = place.kadun(["replay", "--from", "national", "national.ndjson"]);
    const own = place.kadun(["replay", "own.ndjson"]);
    expect([national.status, national.errors]).toEqual([0, []]);
    expect(own.status).toBe(0);
    expect(national.outcomes.length).toBeGreaterThan(10);
    expect(national.stdout).toBe(own.stdout);
  });

  test("may have Kadun's own records among them, as raw topics do", () => {
    const lines = samples.map(({ envelope, record }, index) => (index % 2 === 0 ? envelope : record));
    place.file("mixed.ndjson", ndjson(lines));
    const { status, stdout } = place.kadun(["replay", "--from", "national", "mixed.ndjson"]);
    place.file("own.ndjson", ndjson(samples.map(({ record }) => record)));
    expect([status, stdout]).toEqual([0, place.kadun(["replay", "own.ndjson"]).stdout]);
  });

  test("whose bad lines are named by number, path and reason, the rest judged", () => {
    const bad: [unknown, string][] = [
      ["{", "JSON_INVALID"],
      [{ type: "swype" }, "TYPE_UNKNOWN: type"],
      [purchase("2102", {}, { infno: undefined }), "FIELD_INVALID: infno"],
      [request("9999", {}), "TRANSACTION_UNKNOWN: infno"],
      [purchase("2102", { psn_no: null }), "FIELD_INVALID: input.druginfo.psn_no"],
      [purchase("2102", {}, { fixmedins_code: "X33010600012" }), "INSTITUTION_UNKNOWN: fixmedins_code"],
      [request("2103", { data: { psn_no: PERSON } }), "ORIGINAL_MISSING: input.data.omsgid"],
      [purchase("2102", {}, { infcode: -1 }), "TRANSACTION_FAILED: infcode"],
      [request("1602", { psn_no: PERSON, inputPassword: "987654" }), "FIELD_FORBIDDEN: input.inputPassword"],
    ];
    const good = [purchase("2102", {}, { msgid: "good-1" }), purchase("2102", {}, { msgid: "good-2" })];
    place.file("bad.ndjson", ndjson([good[0], ...bad.map(([message]) => message), good[1]]));
    const { status, outcomes, errors } = place.kadun(["replay", "--from", "national", "bad.ndjson"]);
    expect(status).toBe(2);
    expect(errors.map((error) => error.replace(/^bad\.ndjson:(\d+): line \1: /, "$1 "))).toEqual(
      bad.map(([, reason], index) => expect.stringMatching(new RegExp(`^${index + 2} ${reason}: .`))),
    );
    expect(errors.join("\n")).not.toMatch(/987654|0000004711/);
    expect(outcomes.map(({ eventId }) => eventId)).toEqual(["good-1", "good-2"]);
  });
});

test("a message that nests endlessly is a refused line, and the next one is judged", () => {
  place.file("deep.ndjson", ndjson([nestedPurchase(4000), purchase("2102", {}, { msgid: "good" })]));
  const { status, outcomes, errors } = place.kadun(["replay", "--from", "national", "deep.ndjson"]);
  expect(status).toBe(2);
  expect(errors).toEqual([expect.stringContaining("line 1: FIELD_INVALID: input.druginfo.x.0")]);
  expect(outcomes.map(({ eventId }) => eventId)).toEqual(["good"]);
});

test("a transaction that is no record is named, and no fault of the file", () => {
  place.file("fees.ndjson", ndjson([request("2204", {}), purchase("2102", {}, { msgid: "good" })]));
  const { status, outcomes, errors } = place.kadun(["replay", "--from", "national", "fees.ndjson"]);
  expect([status, outcomes.map(({ eventId }) => eventId)]).toEqual([0, ["good"]]);
  expect(errors).toEqual([
    expect.stringMatching(/line 1: TRANSACTION_NOT_TAKEN: infno: .*becomes no record: fee lines/),
  ]);
});

test("another format is no format", () => {
  const { status, errors } = place.kadun(["replay", "--from", "iso8583", "-"]);
  expect(status).toBe(64);
  expect(errors[0]).toContain("--from iso8583: expected national");
});
