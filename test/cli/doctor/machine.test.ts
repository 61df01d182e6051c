import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "@jest/globals";
import {
  checkClock,
  checkDisk,
  checkLargePages,
  checkMemory,
  checkNode,
  checkPort,
} from "../../../cli/doctor/machine.js";

const MIB = 2 ** 20;

test.each([
  ["20.19.0", "ok"],
  ["20.18.3", "fail"],
  ["18.20.8", "fail"],
  ["22.0.0", "ok"],
  ["24.11.1", "ok"],
])("Node.js %s is %s", (version, verdict) => {
  expect(checkNode(version)).toMatchObject({
    verdict,
    next: verdict === "ok" ? null : "install Node.js 20.19 or newer",
  });
});

test("little memory is a warning that says how much is needed", () => {
  expect(checkMemory(1499 * MIB)).toMatchObject({
    verdict: "warn",
    next: expect.stringMatching(/give it 1500 MiB/),
  });
  expect(checkMemory(1500 * MIB).verdict).toBe("ok");
});

test("large pages that nobody asked for are all right, and how to ask is said", () => {
  expect(checkLargePages("not asked")).toMatchObject({
    verdict: "ok",
    detail: expect.stringContaining("GLIBC_TUNABLES=glibc.malloc.hugetlb=1"),
  });
  expect(checkLargePages().verdict).toBe("ok");
});

test("the disk is that of the nearest folder there is", () => {
  expect(checkDisk("/no/such/folder/yet").detail).toMatch(/^\d+ MiB free$/);
});

test("a clock of before this program is wrong", () => {
  expect(checkClock(Date.parse("2025-12-31T23:59:59Z"))).toMatchObject({
    verdict: "fail",
    next: expect.stringMatching(/^set it \(NTP\)/),
  });
  expect(checkClock(Date.parse("2026-01-01T00:00:00Z")).verdict).toBe("ok");
});

const options = { portOption: "--office-port", hostOption: "--host" };

test("a taken port is named with the option, and is free again afterwards", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  const listening = { host: "127.0.0.1", port, ...options };
  expect(await checkPort("office port", listening)).toEqual({
    name: "office port",
    verdict: "fail",
    detail: `port ${port}: another program listens on it`,
    next: "end that one, or name another port with --office-port",
  });
  other.close();
  await once(other, "close");
  expect(await checkPort("office port", listening)).toMatchObject({
    verdict: "ok",
    detail: `${port} is free`,
  });
  expect(await checkPort("office port", listening)).toMatchObject({ verdict: "ok" });
});

test("an address of another machine is named with its option", async () => {
  expect(await checkPort("port", { host: "192.0.2.1", port: 0, ...options })).toMatchObject({
    verdict: "fail",
    detail: "host 192.0.2.1: not an address of this machine",
    next: "name one that is with --host",
  });
});
