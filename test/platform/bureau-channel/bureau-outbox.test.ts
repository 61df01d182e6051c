/** The bureau's outbox: a file of reports that people carry on. */

import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { openBureauOutbox } from "../../../platform/bureau-channel/outbox/bureau-outbox.js";
import { bureauChannelContract, notice } from "./bureau-channel.contract.js";

bureauChannelContract("outbox", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-bureau-"));
  const path = join(folder, "bureau", "outbox.ndjson");
  return {
    open: () => openBureauOutbox({ path }),
    received: async () =>
      readFileSync(path, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line)),
    end: async () => rmSync(folder, { recursive: true }),
  };
});

test("a line that was torn by a crash is written again, and nobody else reads the file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-bureau-"));
  try {
    const path = join(folder, "outbox.ndjson");
    const first = await openBureauOutbox({ path });
    await first.report(notice("r-1"));
    await first.close();
    appendFileSync(path, JSON.stringify(notice("r-2")).slice(0, 40));
    const again = await openBureauOutbox({ path });
    expect(await again.report(notice("r-2"))).toEqual({ kind: "kept" });
    await again.close();
    const lines = readFileSync(path, "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual(["r-1", "r-2"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a line of somebody else's stops it, with its place", async () => {
  const folder = mkdtempSync(join(tmpdir(), "kadun-bureau-"));
  try {
    const path = join(folder, "outbox.ndjson");
    writeFileSync(path, `${JSON.stringify(notice("r-1"))}\n{"requestId":7}\n`);
    await expect(openBureauOutbox({ path })).rejects.toMatchObject({
      code: "CORRUPT",
      message: expect.stringContaining("outbox.ndjson line 2"),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
