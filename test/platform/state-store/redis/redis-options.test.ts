import { describe, expect, test } from "@jest/globals";
import {
  describeAddress,
  keyPrefixOf,
  type RedisLocation,
  redisAddress,
} from "../../../../platform/state-store/redis/redis-options.js";

const nobody = { username: null, password: null };

describe("the address of a Redis", () => {
  test.each<[string, RedisLocation, object]>([
    ["a bare URL", { url: "redis://r.test" }, { host: "r.test", port: 6379, db: 0, tls: null, ...nobody }],
    [
      "a full URL, percent-decoded",
      { url: "rediss://kadun:p%40ss%2Fword@r.test:7000/3" },
      { host: "r.test", port: 7000, db: 3, tls: {}, username: "kadun", password: "p@ss/word" },
    ],
    ["a URL with a password only", { url: "redis://:pass@r.test" }, { username: null, password: "pass" }],
    ["an IPv6 address", { url: "redis://[::1]:7000" }, { host: "::1", port: 7000 }],
    ["parts alone", { host: "r.test", port: 7000, password: "pass" }, { port: 7000, password: "pass" }],
    ["parts over the URL", { url: "redis://:old@r.test", password: "new" }, { password: "new" }],
    ["TLS by option", { host: "r.test", tls: true }, { tls: {} }],
    [
      "certificates over a rediss URL",
      { url: "rediss://r.test", tls: { ca: "PEM" } },
      { tls: { ca: "PEM" } },
    ],
    ["no TLS against the URL", { url: "rediss://r.test", tls: false }, { tls: null }],
  ])("is taken from %s", (_, location, expected) => {
    expect(redisAddress(location)).toMatchObject(expected);
  });

  test.each<[string, RedisLocation, RegExp]>([
    ["no address", {}, /give a URL such as redis:/],
    ["another protocol", { url: "http://r.test" }, /expected redis:\/\//],
    ["no URL at all", { url: "r.test:6379" }, /expected redis:\/\//],
    ["a port that is none", { host: "r.test", port: 0 }, /port 0: expected a whole number from 1 to 65535/],
    ["a database that is none", { url: "redis://r.test/kadun" }, /db NaN/],
    ["a stray percent sign", { url: "redis://:a%zz@r.test" }, /write % as %25/],
  ])("is refused with the fix for %s", (_, location, message) => {
    expect(() => redisAddress(location)).toThrow(message);
  });

  test("is never told with its password", () => {
    expect(() => redisAddress({ url: "http://user:secret@r.test" })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining("secret") }),
    );
    expect(describeAddress(redisAddress({ url: "rediss://user:secret@[::1]:7000" }))).toBe(
      "rediss://[::1]:7000",
    );
  });
});

describe("the key prefix", () => {
  test("is kadun unless told", () => {
    expect(keyPrefixOf({})).toBe("kadun");
    expect(keyPrefixOf({ keyPrefix: "kadun:east" })).toBe("kadun:east");
  });

  test.each(["", "a{b", "a}b", "a b", "x".repeat(65)])(
    "may not be %j: it would break the hash tag",
    (keyPrefix) => {
      expect(() => keyPrefixOf({ keyPrefix })).toThrow(RangeError);
    },
  );
});
