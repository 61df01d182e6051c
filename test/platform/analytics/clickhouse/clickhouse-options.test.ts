import { expect, test } from "@jest/globals";
import { resolveAddress } from "../../../../platform/analytics/clickhouse/clickhouse-options.js";

const GIVEN = { url: "http://ch.example:8123", user: "kadun", password: "p", database: "kadun" };

test.each([
  ["no address", { url: "ch.example" }, "'ch.example' is no address; expected http://host:8123"],
  ["another protocol", { url: "tcp://ch.example:9000" }, "'tcp://ch.example:9000' is no address"],
  ["a password in the address", { url: "http://u:secret@ch:8123" }, "http://ch:8123: user, password"],
  ["a password in what is no address", { url: "tcp://u:secret@ch:1" }, "'tcp://…@ch:1' is no address"],
  ["settings in the address", { url: "http://ch:8123/?readonly=2" }, "http://ch:8123: user, password"],
  ["a certificate without TLS", { tls: { ca: "CA" } }, "http://ch.example:8123 is without TLS"],
  [
    "a CA that is no PEM",
    { url: "https://ch:8443", tls: { ca: "no PEM" } },
    "CA, certificate and key must be PEM and belong together",
  ],
  ["a database that is no name", { database: "kadun; DROP" }, "database 'kadun; DROP': expected letters"],
])("%s is refused with what was expected", (_, wrong, message) => {
  expect(() => resolveAddress({ ...GIVEN, ...wrong })).toThrow(
    expect.objectContaining({ code: "OPEN_FAILED", message: expect.stringContaining(message) }),
  );
});

test("blocks are compressed where the server is on another machine", () => {
  const compresses = (url: string) => resolveAddress({ ...GIVEN, url }).compressBlocks;
  expect(["http://ch.example:8123", "https://10.0.0.7:8443"].map(compresses)).toEqual([true, true]);
  expect(["http://localhost:8123", "http://127.0.0.1:8123", "http://[::1]:8123"].map(compresses)).toEqual([
    false,
    false,
    false,
  ]);
});

test("the path of a proxy is kept", () => {
  expect(resolveAddress({ ...GIVEN, url: "https://proxy/click/house" })).toMatchObject({
    url: "https://proxy",
    pathname: "/click/house",
  });
  expect(resolveAddress(GIVEN).pathname).toBeUndefined();
});
