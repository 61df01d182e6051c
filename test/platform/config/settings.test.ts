import { describe, expect, test } from "@jest/globals";
import { anyText, oneOf, wholeNumber } from "../../../platform/config/setting-kinds.js";
import {
  listSettings,
  readSettings,
  SettingsError,
  type SettingsTable,
  showSettings,
} from "../../../platform/config/settings.js";

const TABLE = {
  data: {
    option: "data",
    variable: "KADUN_DATA",
    fallback: "kadun-data",
    help: "data directory",
    kind: anyText("a directory"),
  },
  port: {
    option: "port",
    variable: "KADUN_PORT",
    fallback: "8080",
    help: "port of the gateway",
    kind: wholeNumber(0, 65_535),
  },
  level: {
    option: "log-level",
    variable: "KADUN_LOG_LEVEL",
    fallback: "info",
    help: "how much is logged",
    kind: oneOf(["debug", "info"]),
  },
  password: {
    option: null,
    variable: "KADUN_PASSWORD",
    fallback: null,
    help: "of the database",
    isSecret: true,
    kind: wholeNumber(1000, 9999),
  },
} as const satisfies SettingsTable;

const PASSWORD = { KADUN_PASSWORD: "4711" };

function problems(options: Record<string, string>, environment: Record<string, string>): readonly string[] {
  try {
    readSettings(TABLE, { options, environment });
  } catch (error) {
    if (error instanceof SettingsError) return error.problems;
    throw error;
  }
  return [];
}

describe("a setting", () => {
  test("is its option, else its variable, else its default", () => {
    const read = (options: Record<string, string>, environment: Record<string, string>) =>
      readSettings(TABLE, { options, environment: { ...PASSWORD, ...environment } }).port;
    expect(read({ port: "1" }, { KADUN_PORT: "2" })).toBe(1);
    expect(read({}, { KADUN_PORT: "2" })).toBe(2);
    expect(read({}, {})).toBe(8080);
  });

  test("that is an empty text is unset", () => {
    const settings = readSettings(TABLE, {
      options: { data: "", port: "" },
      environment: { ...PASSWORD, KADUN_PORT: "7", KADUN_DATA: "" },
    });
    expect(settings).toEqual({ data: "kadun-data", port: 7, level: "info", password: 4711 });
    expect(problems({}, { KADUN_PASSWORD: "" })).toHaveLength(1);
  });

  test("has the type of its kind", () => {
    const settings = readSettings(TABLE, { options: {}, environment: PASSWORD });
    const level: "debug" | "info" = settings.level;
    const port: number = settings.port;
    expect([level, port]).toEqual(["info", 8080]);
  });

  test("that is wrong is named with its variable, what was expected and the fix", () => {
    expect(problems({ port: "65536" }, PASSWORD)).toEqual([
      "--port (KADUN_PORT): '65536', expected a whole number from 0 to 65535; give --port or set KADUN_PORT",
    ]);
  });

  test("that must be given and is not, is named with the fix", () => {
    expect(problems({}, {})).toEqual(["KADUN_PASSWORD: not set; set KADUN_PASSWORD: of the database"]);
  });

  test("that is wrong does not hide others", () => {
    expect(problems({ port: "x", "log-level": "loud" }, {})).toHaveLength(3);
  });

  test.each(["-1", "1.5", "1e3", " 1", "0x10", "９", "99999999999"])("is no whole number as %j", (port) => {
    expect(problems({ port }, PASSWORD)).toHaveLength(1);
  });
});

describe("a secret", () => {
  test("is in no message", () => {
    expect(problems({}, { KADUN_PASSWORD: "hunter2" })).toEqual([
      "KADUN_PASSWORD: (set, not shown), expected a whole number from 1000 to 9999; set KADUN_PASSWORD",
    ]);
  });

  test("is shown as set only, the others with where they come from", () => {
    const sources = {
      options: { port: "1" },
      environment: { KADUN_PASSWORD: "hunter2", KADUN_LOG_LEVEL: "debug" },
    };
    expect(showSettings(TABLE, sources)).toEqual([
      { name: "data", variable: "KADUN_DATA", source: "default", shown: "kadun-data", isValid: true },
      { name: "port", variable: "KADUN_PORT", source: "option", shown: "1", isValid: true },
      { name: "level", variable: "KADUN_LOG_LEVEL", source: "environment", shown: "debug", isValid: true },
      {
        name: "password",
        variable: "KADUN_PASSWORD",
        source: "environment",
        shown: "(set, not shown)",
        isValid: false,
      },
    ]);
    expect(showSettings(TABLE, { options: {}, environment: {} }).at(-1)).toMatchObject({
      source: "unset",
      shown: "(not set)",
      isValid: false,
    });
  });
});

test("all settings are listed with what an example or a help needs", () => {
  expect(listSettings(TABLE).map(({ variable }) => variable)).toEqual([
    "KADUN_DATA",
    "KADUN_PORT",
    "KADUN_LOG_LEVEL",
    "KADUN_PASSWORD",
  ]);
  expect(listSettings(TABLE)[1]).toEqual({
    name: "port",
    option: "port",
    variable: "KADUN_PORT",
    fallback: "8080",
    help: "port of the gateway",
    expected: "a whole number from 0 to 65535",
    isSecret: false,
  });
});
