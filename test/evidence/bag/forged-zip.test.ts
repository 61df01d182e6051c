/** ZIPs made by hand, whole in themselves, that no package is: each is refused, and the part is named. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  directoryEntry,
  endRecord,
  localHeader,
  type ZipEntry,
} from "../../../services/evidence/bag/zip-layout.js";
import { ZipReader } from "../../../services/evidence/bag/zip-reader.js";

interface Forged {
  readonly name: string;
  readonly text: string;
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "kadun-forged-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Files in this order, headers right. @param between bytes behind each file. */
function zipOf(files: readonly Forged[], between = Buffer.alloc(0)): Buffer {
  const pieces: Buffer[] = [];
  const entries: ZipEntry[] = [];
  let offset = 0;
  for (const { name, text } of files) {
    const content = Buffer.from(text);
    const entry = { name, size: content.length, crc32: crc32(content), offset };
    entries.push(entry);
    const file = Buffer.concat([localHeader(entry), content, between]);
    pieces.push(file);
    offset += file.length;
  }
  const directory = Buffer.concat(entries.map(directoryEntry));
  return Buffer.concat([...pieces, directory, endRecord(entries.length, offset, directory.length)]);
}

/** What is said of it; empty where it is as the writer would have made it. */
async function said(bytes: Buffer): Promise<string> {
  const path = join(folder, "forged.zip");
  writeFileSync(path, bytes);
  try {
    const zip = await ZipReader.open(path);
    await zip.check().finally(() => zip.close());
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const a = { name: "bag/a.txt", text: "a" };
const b = { name: "bag/b.txt", text: "b" };

describe("a ZIP made by hand", () => {
  test("is taken where it is as the writer makes it", async () => {
    expect(await said(zipOf([a, b]))).toBe("");
  });

  test.each<[what: string, bytes: () => Buffer, part: RegExp]>([
    [
      "leads out of its folder",
      () => zipOf([{ name: "../a.txt", text: "a" }, b]),
      /"\.\.\/a\.txt": a name that leads out/,
    ],
    ["leads out further inside", () => zipOf([{ name: "bag/../../a", text: "a" }]), /leads out/],
    [
      "has an absolute name",
      () => zipOf([{ name: "/etc/a", text: "a" }]),
      /"\/etc\/a": a name of other characters/,
    ],
    ["has a name of Windows", () => zipOf([{ name: "bag\\a.txt", text: "a" }]), /a name of other characters/],
    ["has an empty name", () => zipOf([{ name: "", text: "a" }]), /"": a name of other characters/],
    ["holds a file twice", () => zipOf([a, a]), /bag\/a\.txt: is in the ZIP twice/],
    [
      "holds two files that are one on some systems",
      () => zipOf([{ name: "bag/A.txt", text: "a" }, a]),
      /bag\/a\.txt: is another file's name in other letters/,
    ],
    ["has another order", () => zipOf([b, a]), /bag\/a\.txt: does not follow bag\/b\.txt/],
    [
      "hides bytes between files",
      () => zipOf([a, b], Buffer.from("x")),
      /bag\/b\.txt: .*does not follow|its header/,
    ],
    [
      "hides bytes before the directory",
      () => zipOf([a], Buffer.from("x")),
      /expected the directory at byte/,
    ],
    ["has bytes behind its end", () => Buffer.concat([zipOf([a]), Buffer.from("x")]), /the ZIP's end/],
    ["has bytes before its start", () => Buffer.concat([Buffer.from("x"), zipOf([a])]), /the ZIP's end/],
    ["is empty", () => Buffer.alloc(0), /the ZIP's end/],
  ])("that %s is refused", async (_what, bytes, part) => {
    expect(await said(bytes())).toMatch(part);
  });

  test("is refused whichever of its bytes is another, and the part is named", async () => {
    const whole = zipOf([a, b]);
    for (let at = 0; at < whole.length; at++) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 0x20;
      expect(await said(changed)).toMatch(/bag|txt|the ZIP/i);
    }
  });
});
