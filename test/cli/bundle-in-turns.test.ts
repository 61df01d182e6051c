/** Bundles read by a process that others wait for: the same bundle, in steps, and what is known is not read again. */

import { expect, test } from "@jest/globals";
import { BundleError, bundleInTurns, bundleOfContent, bundleOfValue } from "../../cli/bundle-files.js";
import { canonicalPart, readPart } from "../../cli/bundle-parts.js";
import { changedBundle } from "../detector/changed-bundle.js";
import { defaultBundle } from "../support/judge.js";

const text = JSON.stringify(defaultBundle.content);

interface Document {
  regions: { source: string; regions: Record<string, unknown> };
  ruleset: { rules: { id: string; params: Record<string, unknown> }[] };
}

function changed(change: (document: Document) => void): Document {
  const document = JSON.parse(text) as Document;
  change(document);
  return document;
}

/** Another text for the same bundle: all keys the other way round. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, turned(each)]),
  );
}

test("read in turns, from its text or its document, it is the bundle that is read at once", async () => {
  const { hash } = defaultBundle.bundle;
  expect(bundleOfContent(text, "bundle").bundle.hash).toBe(hash);
  for (const content of [text, JSON.parse(text), turned(JSON.parse(text))]) {
    const read = await bundleInTurns(content, "bundle");
    expect(read.bundle.hash).toBe(hash);
    expect(read.content).toEqual(defaultBundle.content);
  }
});

test("others have their turn before it is read", async () => {
  const happened: string[] = [];
  const reading = bundleInTurns(
    changed(({ regions }) => {
      regions.source = "of another source";
    }),
    "bundle",
  ).then(() => happened.push("read"));
  setImmediate(() => happened.push("somebody else's turn"));
  await reading;
  expect(happened).toEqual(["somebody else's turn", "read"]);
});

test("bundles that differ in a threshold share their regions, those of other regions do not", async () => {
  const other = changedBundle({ ruleset: { rules: [{ id: "R14", params: { limitFen: 1_000 } }] } });
  const first = bundleOfValue(JSON.parse(text), "bundle");
  const second = await bundleInTurns(JSON.parse(JSON.stringify(other.content)), "bundle");
  expect(second.bundle.hash).toBe(other.bundle.hash);
  expect(second.bundle.hash).not.toBe(first.bundle.hash);
  expect(second.bundle.regions).toBe(first.bundle.regions);
  const moved = await bundleInTurns(
    changed(({ regions }) => {
      regions.regions["1101"] = ["elsewhere", 110, 30];
    }),
    "bundle",
  );
  expect(moved.bundle.hash).not.toBe(first.bundle.hash);
  expect(moved.bundle.regions).not.toBe(first.bundle.regions);
});

test("a part is the same where its text is, also where it was left for others meanwhile", () => {
  const drugs = (name: string) => ({ drugs: { codes: [], names: [name] } });
  const first = readPart("drugs", drugs("first"));
  expect(readPart("drugs", drugs("first"))).toBe(first);
  const text = canonicalPart(first!);
  for (let other = 0; other < 20; other++) readPart("drugs", drugs(`other ${other}`));
  const again = readPart("drugs", drugs("first"));
  expect(again).not.toBe(first);
  expect(canonicalPart(again!)).toBe(text);
});

test("a mistake is refused each time, by its place in the whole, whatever was read before", async () => {
  const mistaken = changed(({ ruleset }) => {
    ruleset.rules[0]!.id = "";
  });
  const refusals = [
    await bundleInTurns(mistaken, "draft").catch((error: unknown) => error),
    await bundleInTurns(mistaken, "draft").catch((error: unknown) => error),
  ];
  for (const refusal of refusals) {
    expect(refusal).toBeInstanceOf(BundleError);
    expect((refusal as BundleError).problems[0]).toMatchObject({ file: "draft", path: "ruleset.rules.0.id" });
  }
});

test.each([
  ["null", null],
  ["a text", "[]"],
  ["nothing", {}],
  ["all but one part", { ...JSON.parse(text), advice: undefined }],
])("%s is no bundle", async (_, content) => {
  await expect(bundleInTurns(content, "draft")).rejects.toBeInstanceOf(BundleError);
});
