import { readdirSync } from "node:fs";
import v8 from "node:v8";
import vm from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { PackageFile } from "../../../schemas/evidence/package.js";
import { auditResult } from "../../../schemas/national/audit-result.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import type { RecordWithOutcomes } from "../../../services/evidence/package/folder-lines.js";
import { pdfPages } from "../../support/pdf-text.js";
import { alertOf, CONTENT_SHA256, caseFileOf, linesOf, ReportFolder, streamOf } from "../report-case.js";
import { hangzhou, wandering } from "../report-stories.js";

const READ_BY_PEOPLE = [
  PackageFile.TRANSACTIONS,
  PackageFile.TIMELINE,
  PackageFile.PIN_ATTEMPTS,
  PackageFile.INSTITUTIONS,
  PackageFile.MAP,
  PackageFile.REPORT,
  PackageFile.POLICE_STATEMENT,
  PackageFile.APPEAL_APPLICATION,
  PackageFile.CLUES,
  PackageFile.AUDIT_RESULTS,
];
const PDFS = [PackageFile.REPORT, PackageFile.POLICE_STATEMENT, PackageFile.APPEAL_APPLICATION];
const ALERTS = ["buy-1", "buy-2", "buy-3", "buy-5", "buy-6"].map((id) => alertOf(id));

let folder: ReportFolder;
beforeEach(() => {
  folder = new ReportFolder();
});
afterEach(() => folder.remove());

async function writeHangzhou(into = folder) {
  const lines = await linesOf(hangzhou());
  await into.write(() => streamOf(lines), caseFileOf({ alerts: ALERTS }));
  return lines;
}

function pagesOf(name: string): readonly string[] {
  return pdfPages(folder.read(name)).map((texts) => texts.join("\n"));
}

describe("the Hangzhou story's files", () => {
  test("are the same bytes when they are made again, and nothing else stays in the folder", async () => {
    await writeHangzhou();
    const again = new ReportFolder();
    try {
      await writeHangzhou(again);
      for (const name of READ_BY_PEOPLE) expect(again.read(name).equals(folder.read(name))).toBe(true);
    } finally {
      again.remove();
    }
    expect(readdirSync(folder.path)).toEqual(["data"]);
    const written = readdirSync(`${folder.path}/data`).map((name) => `data/${name}`);
    expect(written.sort()).toEqual([...READ_BY_PEOPLE, "data/bundles"].sort());
  });

  test("name every amount and every swipe in the report, in text that can be selected", async () => {
    await writeHangzhou();
    const text = pagesOf(PackageFile.REPORT).join("\n");
    for (const fen of [4_550, 48_000, 56_000, 68_000, 39_000, 42_000, 253_000])
      expect(text).toContain(yuanTextOf(fen));
    for (const words of [
      "R09",
      "待核实",
      "争议消费",
      "第十七条",
      "kadun evidence verify",
      "监控录像通常约30天覆盖",
    ])
      expect(text).toContain(words);
  });

  test.each(PDFS)("%s has its content's hash and its number on every page", async (name) => {
    await writeHangzhou();
    const pages = pagesOf(name);
    expect(pages.length).toBeGreaterThan(1);
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(CONTENT_SHA256);
      expect(page).toContain(`第 ${index + 1} 页 / 共 ${pages.length} 页`);
    }
  });

  test("never say who is guilty, nor name an offence", async () => {
    await writeHangzhou();
    const pdfs = PDFS.map((name) => pagesOf(name).join("\n"));
    const others = READ_BY_PEOPLE.filter((name) => !PDFS.some((pdf) => pdf === name));
    const all = [...pdfs, ...others.map((name) => folder.read(name).toString("utf8"))];
    for (const text of all) expect(text).not.toMatch(/骗|盗|犯罪|嫌疑|违法|罪/);
  });

  test("are in the shape of 3101 and of clues", async () => {
    await writeHangzhou();
    const results = folder.read(PackageFile.AUDIT_RESULTS).toString("utf8").trimEnd().split("\n");
    expect(results).toHaveLength(ALERTS.length);
    for (const line of results) auditResult.parse(JSON.parse(line));
    const clues = JSON.parse(folder.read(PackageFile.CLUES).toString("utf8"));
    expect(clues.map(({ suspectType }: { suspectType: string }) => suspectType)).toEqual([
      "INDIVIDUAL",
      "PROVIDER",
      "PROVIDER",
      "PROVIDER",
    ]);
  });
});

test("a character without a picture is told by its number, in names long and short", async () => {
  const lines = await linesOf(wandering(30));
  const holder = { name: "𠮷田䶮*", phone: "138****0000", idNumberTail: "" };
  await folder.write(() => streamOf(lines), caseFileOf({ holder }));
  const text = pagesOf(PackageFile.REPORT).join("\n");
  expect(text).toContain("[U+20BB7]田䶮*");
  expect(text).toContain("[U+20BB7]祥药房");
  expect(text).not.toContain("?");
  expect(folder.read(PackageFile.TRANSACTIONS).toString("utf8")).toContain("𠮷祥药房");
});

test("a person without a swipe has all files", async () => {
  await folder.write(() => streamOf<RecordWithOutcomes>([]));
  expect(pagesOf(PackageFile.REPORT).join("\n")).toContain("记录范围内没有交易");
  expect(folder.read(PackageFile.CLUES).toString("utf8")).toBe("[]\n");
});

v8.setFlagsFromString("--expose-gc");
const collect = vm.runInNewContext("gc") as () => void;

// In a process of its own the live heap peaks at 19, 22 and 25 MB for 500, 5,000 and 15,000; the rest is the test runner.
test("5,000 swipes need hardly more memory than 500", async () => {
  const lines = await linesOf(wandering(50));
  const peakOf = async (count: number) => {
    let peak = 0;
    const look = () => {
      collect();
      peak = Math.max(peak, process.memoryUsage().heapUsed);
    };
    const timer = setInterval(look, 2_000);
    // Whoever is quick is looked at too, when everything was read once.
    await folder.write(() => lookedAt(repeated(lines, count), look));
    clearInterval(timer);
    return peak;
  };
  const small = await peakOf(500);
  const large = await peakOf(5_000);
  expect(small).toBeGreaterThan(0);
  expect(large - small).toBeLessThan(32 << 20);
  expect(
    folder
      .read(PackageFile.REPORT)
      .toString("latin1")
      .match(/\/Type \/Page\n/g)!.length,
  ).toBeGreaterThan(300);
}, 120_000);

async function* lookedAt<Item>(items: AsyncIterable<Item>, look: () => void): AsyncGenerator<Item> {
  yield* items;
  look();
}

/** The swipes again and again, under new ids and later. */
async function* repeated(
  lines: readonly RecordWithOutcomes[],
  count: number,
): AsyncGenerator<RecordWithOutcomes> {
  for (let i = 0; i < count; i++) {
    const line = lines[i % lines.length]!;
    const round = Math.floor(i / lines.length);
    const renamed = (json: string) => json.replaceAll(/"w-(\d+)/g, `"w-${round}-$1`);
    yield {
      ...line,
      offset: i,
      json: renamed(line.json),
      outcomes: line.outcomes.map((outcome) => ({
        ...outcome,
        journalOffset: i,
        json: renamed(outcome.json),
      })),
    };
  }
}
