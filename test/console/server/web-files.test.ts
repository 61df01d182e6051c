/** The console's pages over HTTP: which address gives which file, and under which headers. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { consolePageHeaders } from "../../../services/console/server/page-headers.js";
import { openWebFiles } from "../../../services/console/server/web-files.js";

const PROGRAM = "console.log('pages')";
let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kadun-web-"));
  mkdirSync(join(folder, "assets"));
  writeFileSync(
    join(folder, "index.html"),
    '<meta property="csp-nonce" nonce="__KADUN_NONCE__"><script src="/assets/a.js"></script>',
  );
  writeFileSync(join(folder, "assets", "a.js"), PROGRAM);
  writeFileSync(join(folder, "assets", "a.js.gz"), gzipSync(PROGRAM));
  writeFileSync(join(folder, ".sources"), "secret");
  const files = openWebFiles({ folder, headersOf: consolePageHeaders });
  server = createServer((request, response) => {
    if (!files(request, response)) response.writeHead(418).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

it("every address of people is the one page, each time with another nonce that its policy names", async () => {
  const nonces = new Set<string>();
  for (const path of ["/", "/queue?severity=high", "/cases/p-1"]) {
    const response = await fetch(url + path);
    const nonce = /nonce="([^"]+)"/.exec(await response.text())![1]!;
    expect(response.headers.get("content-security-policy")).toContain(`style-src 'self' 'nonce-${nonce}'`);
    expect(response.headers.get("content-security-policy")).toContain("script-src 'self';");
    expect(response.headers.get("cache-control")).toBe("no-store");
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

it("files come compressed to who takes that, and are kept for good", async () => {
  const packed = await fetch(`${url}/assets/a.js`, { headers: { "accept-encoding": "gzip" } });
  expect(packed.headers.get("content-encoding")).toBe("gzip");
  expect(await packed.text()).toBe(PROGRAM);
  const plain = await fetch(`${url}/assets/a.js`, { headers: { "accept-encoding": "identity" } });
  expect(plain.headers.get("content-encoding")).toBeNull();
  expect(plain.headers.get("cache-control")).toContain("immutable");
  expect(await plain.text()).toBe(PROGRAM);
});

it("addresses of the process, files that are not there and changes are left to others", async () => {
  for (const path of [
    "/v1/cases",
    "/readyz",
    "/metrics",
    "/assets/b.js",
    "/.sources",
    "/assets/..%2f.sources",
    "/x.map",
  ])
    expect([path, (await fetch(url + path)).status]).toEqual([path, 418]);
  expect((await fetch(`${url}/queue`, { method: "POST" })).status).toBe(418);
});
