import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { type LossPolicy, lossPoliciesFile } from "../../../schemas/bundle/loss-policies.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import {
  compileLossPolicies,
  lossTimes,
  type PolicyQuery,
} from "../../../services/detector/card/loss-policy.js";

const file = lossPoliciesFile.parse(JSON.parse(readFileSync("rulesets/loss-policies.json", "utf8")));
const calendar = compileCalendar(
  calendarFile.parse(JSON.parse(readFileSync("rulesets/calendar.json", "utf8"))),
);
const policies = compileLossPolicies(file);

function select(query: Partial<PolicyQuery>) {
  return policies.selectPolicy({ region: "330100", credential: "card", action: "report-loss", ...query });
}

function withRows(...rows: Partial<LossPolicy>[]) {
  const plain = {
    credential: "card",
    channel: "phone",
    kind: "provisional",
    delayMax: null,
    validity: null,
  } as const;
  return compileLossPolicies(
    lossPoliciesFile.parse({ rows: rows.map((row) => ({ ...plain, ...row })), regions: file.regions }),
  );
}

/** A county of each row's region, so that every level of the lookup is walked. */
const COUNTY_OF: Record<string, string> = {
  "11": "110105",
  "5101": "510104",
  "3201": "320102",
  "3505": "350503",
  "50": "500103",
  "*": "220302",
};

describe("every row is found from a county of its region", () => {
  test.each(file.rows.map((row) => [row.id, row] as const))("%s", (id, row) => {
    const selected = policies.selectPolicy({
      region: COUNTY_OF[row.region]!,
      credential: row.credential,
      channel: row.channel,
      action: row.kind === "formal" ? "confirm-loss" : "report-loss",
    });
    expect(selected).toEqual({
      policyId: id,
      kind: row.kind,
      delayMax: row.delayMax,
      validity: row.validity,
      countFirstDay: true,
      pendingAction: "challenge",
    });
  });
});

const NONE = { delayMax: null, validity: null };

describe("selection", () => {
  test.each<{ about: string; query: Partial<PolicyQuery>; policyId: string | null; kind: string }>([
    {
      about: "a missing channel is the counter",
      query: { region: "110000" },
      policyId: "BJ-2",
      kind: "provisional",
    },
    {
      about: "counter, formal",
      query: { region: "11", action: "confirm-loss" },
      policyId: "BJ-4",
      kind: "formal",
    },
    {
      about: "file-replacement is formal",
      query: { region: "1101", action: "file-replacement" },
      policyId: "BJ-4",
      kind: "formal",
    },
    {
      about: "no provisional row at the city's counter: its formal row",
      query: { region: "510100", channel: "counter" },
      policyId: "CD-7",
      kind: "formal",
    },
    {
      about: "employer, formal only",
      query: { region: "320100", channel: "employer" },
      policyId: "NJ-9e",
      kind: "formal",
    },
    {
      about: "a channel the city does not name: national",
      query: { region: "110000", channel: "app" },
      policyId: "CN-22",
      kind: "provisional",
    },
    {
      about: "another city: national",
      query: { region: "330100", channel: "phone" },
      policyId: "CN-17",
      kind: "provisional",
    },
    {
      about: "an unknown region: national",
      query: { region: "999999", channel: "phone" },
      policyId: "CN-17",
      kind: "provisional",
    },
    {
      about: "a temporary card in Beijing: national, never the card's row",
      query: { region: "110000", credential: "temporary-card", channel: "phone" },
      policyId: "TC-29",
      kind: "provisional",
    },
    {
      about: "no formal phone row anywhere",
      query: { channel: "phone", action: "confirm-loss" },
      policyId: null,
      kind: "formal",
    },
    { about: "no bank row anywhere", query: { channel: "bank" }, policyId: null, kind: "provisional" },
    {
      about: "no row for e-credentials",
      query: { credential: "e-credential", channel: "app" },
      policyId: null,
      kind: "provisional",
    },
  ])("$about", ({ query, policyId, kind }) => {
    expect(select(query)).toMatchObject({ policyId, kind, ...(policyId === null ? NONE : {}) });
  });

  test("the nearest level with any fitting row decides: a city's formal row before the province's provisional", () => {
    const { selectPolicy } = withRows(
      { id: "province", region: "33" },
      { id: "city", region: "3301", kind: "formal" },
      { id: "county", region: "330102" },
    );
    const phone = { credential: "card", channel: "phone", action: "report-loss" } as const;
    expect(selectPolicy({ ...phone, region: "330102" }).policyId).toBe("county");
    expect(selectPolicy({ ...phone, region: "330103" }).policyId).toBe("city");
    expect(selectPolicy({ ...phone, region: "330100" }).policyId).toBe("city");
    expect(selectPolicy({ ...phone, region: "330200" }).policyId).toBe("province");
    expect(selectPolicy({ ...phone, region: "33" }).policyId).toBe("province");
    expect(selectPolicy({ ...phone, region: "340100" }).policyId).toBeNull();
  });

  test("a row may be written with the padded code of its city", () => {
    const { selectPolicy } = withRows({ id: "city", region: "330100" });
    expect(
      selectPolicy({ region: "330103", credential: "card", channel: "phone", action: "report-loss" })
        .policyId,
    ).toBe("city");
  });

  test.each([
    ["419001", ["419001", "41"]],
    ["469002", ["469002", "46"]],
    ["4290", ["4290", "42"]],
    ["110105", ["110105", "11"]],
    ["710000", ["71"]],
  ] as const)("%s is looked up at %j", (region, levels) => {
    const others = [
      "4190",
      "4690",
      "42",
      "41",
      "46",
      "1101",
      "11",
      "71",
      "419001",
      "469002",
      "4290",
      "110105",
    ];
    const fitting = others.filter((other) => {
      const { selectPolicy } = withRows({ id: "only", region: other });
      return (
        selectPolicy({ region, credential: "card", channel: "phone", action: "report-loss" }).policyId !==
        null
      );
    });
    // 1101 names the municipality itself: a row for it is a row for 11.
    const expected = others.filter((other) =>
      levels.some((level) => level === (other === "1101" ? "11" : other)),
    );
    expect(fitting).toEqual(expected);
  });

  test("a row's own pendingAction and countFirstDay are kept", () => {
    const { selectPolicy } = withRows({
      id: "own",
      region: "33",
      pendingAction: "reject",
      countFirstDay: false,
    });
    expect(
      selectPolicy({ region: "33", credential: "card", channel: "phone", action: "report-loss" }),
    ).toMatchObject({ pendingAction: "reject", countFirstDay: false });
  });
});

describe("times", () => {
  const acceptedAt = "2026-09-30T15:00:00.000";

  test.each([
    ["BJ-1", acceptedAt, "2026-10-10T00:00:00.000", "2026-10-10T00:00:00.000"],
    ["CD-5", acceptedAt, null, null],
    ["CD-6", acceptedAt, "2026-10-03T15:00:00.000", "2026-10-03T15:00:00.000"],
    ["NJ-8", acceptedAt, "2026-10-11T00:00:00.000", "2026-10-11T00:00:00.000"],
    ["NJ-9", acceptedAt, null, null],
    ["QZ-11", acceptedAt, null, null],
    ["CQ-14", acceptedAt, null, null],
    ["CN-17", "2026-10-01T15:00:00.000", "2026-10-07T00:00:00.000", "2026-10-15T00:00:00.000"],
    // 10-08 and 10-09 are the two working days after the holidays; a delay ends at 24:00 like a validity.
    ["TC-26", "2026-10-10T00:00:00.000", null, null],
    ["TC-29", "2026-09-30T17:00:00.000", null, null],
  ])("%s accepted 2026-09-30 15:00 takes effect %s and lapses %s to %s", (id, effective, min, max) => {
    const row = file.rows.find((candidate) => candidate.id === id)!;
    const times = lossTimes({ ...row, countFirstDay: true }, { acceptedAtMs: at(acceptedAt) }, calendar);
    expect(times).toEqual({
      effectiveAtMs: at(effective),
      expiresAtMinMs: min === null ? null : at(min),
      expiresAtMaxMs: max === null ? null : at(max),
      calendarUncertain: false,
    });
  });

  test("working days past the calendar's coverage are marked uncertain", () => {
    const nanjing = select({ region: "320100", channel: "phone" });
    const times = lossTimes(nanjing, { acceptedAtMs: at("2026-12-30T10:00:00.000") }, calendar);
    expect(times).toMatchObject({
      expiresAtMaxMs: at("2027-01-05T00:00:00.000"),
      calendarUncertain: true,
    });
  });
});

describe("region settings", () => {
  const national = {
    pinLockLimit: 3,
    pinUnlock: "COUNTER",
    activationDelayCd: null,
    blockECredential: false,
  };

  test.each([
    { region: "330102", differs: {} },
    { region: "500103", differs: { activationDelayCd: 15 } },
    { region: "220302", differs: { pinLockLimit: 6 } },
    { region: "2203", differs: { pinLockLimit: 6 } },
    { region: "210100", differs: { pinLockLimit: 5 } },
    { region: "22", differs: {} },
    { region: "000000", differs: {} },
  ])("$region differs from the national settings in $differs", ({ region, differs }) => {
    expect(policies.regionSettings(region)).toEqual({ ...national, ...differs });
  });

  test("county over city over province over national, setting by setting", () => {
    const { regionSettings } = compileLossPolicies(
      lossPoliciesFile.parse({
        rows: [],
        regions: {
          "*": national,
          "33": { pinUnlock: "AUTO_24H", pinLockLimit: 4 },
          "330100": { pinLockLimit: 5, blockECredential: true },
          "330102": { activationDelayCd: 7 },
        },
      }),
    );
    expect(regionSettings("330102")).toEqual({
      pinLockLimit: 5,
      pinUnlock: "AUTO_24H",
      activationDelayCd: 7,
      blockECredential: true,
    });
    expect(regionSettings("330200")).toEqual({ ...national, pinUnlock: "AUTO_24H", pinLockLimit: 4 });
  });
});

function at(local: string): number {
  return Date.parse(`${local}+08:00`);
}
