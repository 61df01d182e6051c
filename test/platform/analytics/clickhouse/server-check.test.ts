import { expect, test } from "@jest/globals";
import { checkRelease } from "../../../../platform/analytics/clickhouse/server-check.js";

test.each(["24.8.4.13", "24.12.1.1", "25.3.2.39.altinitystable", "26.7.2.1"])(
  "release %s will do",
  (release) => {
    expect(() => checkRelease(release, "http://ch:8123")).not.toThrow();
  },
);

test.each(["18.16.1", "23.12.6.19", "24.7.6.8", "24.3.12.75"])("release %s is too old", (release) => {
  expect(() => checkRelease(release, "http://ch:8123")).toThrow(
    expect.objectContaining({
      code: "OPEN_FAILED",
      retryable: false,
      message: `http://ch:8123 is ClickHouse ${release}; 24.8 or later is needed: upgrade the server`,
    }),
  );
});

test("what names no release is no ClickHouse server", () => {
  expect(() => checkRelease("", "http://ch:8123")).toThrow(/answers, but not as a ClickHouse server/);
});
