import { describe, expect, it } from "@jest/globals";
import { PROVIDER_LIMITS } from "../../../platform/sms-gateway/provider-limits.js";
import { mainlandNumber, parseEndpoint } from "../../../platform/sms-gateway/provider-options.js";

describe("the address of an operator", () => {
  it.each([
    ["https://sms.example.cn", { protocol: "https", host: "sms.example.cn" }],
    ["https://sms.example.cn:8443/", { protocol: "https", host: "sms.example.cn:8443" }],
    ["http://127.0.0.1:9000", { protocol: "http", host: "127.0.0.1:9000" }],
    ["http://[::1]:9000", { protocol: "http", host: "[::1]:9000" }],
    ["http://localhost:9000", { protocol: "http", host: "localhost:9000" }],
  ])("may be %s", (text, endpoint) => expect(parseEndpoint(text)).toEqual(endpoint));

  it.each([
    "http://sms.example.cn",
    "http://127.0.0.1.example.cn",
    "http://10.0.0.1",
    "https://sms.example.cn/path",
    "https://sms.example.cn?a=b",
    "https://user@sms.example.cn",
    "ftp://127.0.0.1",
    "sms.example.cn",
    "",
  ])("may not be '%s': numbers go unread over other people's wires", (text) =>
    expect(parseEndpoint(text)).toBeUndefined(),
  );
});

describe("a number of the mainland", () => {
  it.each([
    ["13812341234", "13812341234"],
    ["+8613812341234", "13812341234"],
    ["008613812341234", "13812341234"],
    ["8613812341234", "13812341234"],
    ["138 1234-1234", "13812341234"],
    ["+85261234567", null],
    ["1381234123", null],
    ["05711234567", null],
    ["13812341234,13912341234", null],
  ])("%s is read as %s", (text, number) => expect(mainlandNumber(text)).toBe(number));
});

describe("limits of operators", () => {
  it.each(Object.entries(PROVIDER_LIMITS))(
    "of %s: links are no values, amounts and places are",
    (_, limits) => {
      for (const link of ["https://a.b", "www.kadun.example", "kadun.cn", "t.cn/abc"])
        expect(link).toMatch(limits.forbiddenInValues);
      for (const value of ["1234.50", "杭州", "08:30", "K7M2"])
        expect(value).not.toMatch(limits.forbiddenInValues);
      expect("【医保】★").toMatch(limits.forbiddenCharacters);
      expect("您尾号1234医保卡").not.toMatch(limits.forbiddenCharacters);
    },
  );
});
