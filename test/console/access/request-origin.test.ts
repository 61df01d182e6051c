import { expect, test } from "@jest/globals";
import { foreignPage, isLoopbackRequest } from "../../../services/console/access/request-origin.js";

const HTTPS = "https://kadun.example.cn";

test.each([
  ["of a console whose address is set, its origin", { origin: HTTPS, host: "10.0.0.5:8081" }, HTTPS, true],
  ["the address without TLS", { origin: "http://kadun.example.cn", host: "kadun.example.cn" }, HTTPS, false],
  ["another port", { origin: `${HTTPS}:8443`, host: "kadun.example.cn" }, HTTPS, false],
  ["a longer name", { origin: `${HTTPS}.evil.example`, host: "kadun.example.cn" }, HTTPS, false],
  ["where none is set, the host that was asked", { origin: "http://k:8081", host: "k:8081" }, null, true],
  ["the host in capitals", { origin: "http://k:8081", host: "K:8081" }, null, true],
  ["another host", { origin: "http://k:8082", host: "k:8081" }, null, false],
  ["an origin that is none", { origin: "null", host: "null" }, null, false],
  ["neither origin nor site: no browser", { host: "k:8081" }, null, true],
  ["the same site's word", { "sec-fetch-site": "same-origin", host: "k" }, null, true],
  ["the address bar's", { "sec-fetch-site": "none", host: "k" }, null, false],
])("%s", (_, headers, origin, isOwn) => {
  expect(foreignPage({ headers }, origin) === null).toBe(isOwn);
});

test.each([
  ["127.0.0.1:8081", true],
  ["localhost", true],
  ["LOCALHOST:1", true],
  ["[::1]:8081", true],
  ["127.0.0.1.evil.example:8081", false],
  ["localhost.evil.example", false],
  ["evil.example", false],
  ["10.0.0.1", false],
  ["", false],
])("a request to %j is to this machine under its own name: %s", (host, isOwn) => {
  expect(isLoopbackRequest({ headers: { host } })).toBe(isOwn);
});

test("a request without a host is none of this machine", () => {
  expect(isLoopbackRequest({ headers: {} })).toBe(false);
});
