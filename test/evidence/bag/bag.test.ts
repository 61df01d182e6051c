import { execFileSync } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { openCommandSigner } from "../../../platform/signer/command/command-signer.js";
import { httpTimeStamp } from "../../../platform/time-stamp/http/http-time-stamp.js";
import { bagChecks } from "../../../services/evidence/bag/bag-checks.js";
import { BagReader } from "../../../services/evidence/bag/bag-reader.js";
import type { BagOptions } from "../../../services/evidence/bag/write-bag.js";
import { writeZip } from "../../../services/evidence/bag/zip-writer.js";
import { type Check, EvidenceError } from "../../../services/evidence/verify/check.js";
import { type Random, seededRandom } from "../../oracle/scenario-random.js";
import { moduleTool } from "../../support/evidence/module-tool.js";
import { CLOCK, PAYLOAD, SmallBags, unpacked } from "../../support/evidence/small-bag.js";
import { StampAuthority } from "../../support/evidence/stamp-authority.js";

const NAME = "kadun-evidence-case-1";
interface Trust {
  readonly publicKeys: BagOptions["publicKeys"] | null;
  readonly authorities: readonly X509Certificate[];
}

async function verifyBag(path: string, { publicKeys, authorities }: Trust): Promise<readonly Check[]> {
  let bag: BagReader;
  try {
    bag = await BagReader.open(path);
  } catch (error) {
    if (!(error instanceof EvidenceError)) throw error;
    return [{ name: "zip", result: "failed", detail: error.message, proves: "", doesNotProve: "" }];
  }
  try {
    return await bagChecks(bag, publicKeys, authorities);
  } finally {
    await bag.close();
  }
}

const NO_TRUST = { publicKeys: null, authorities: [] };

let bags: SmallBags;
let zip: string;

beforeAll(async () => {
  bags = new SmallBags();
  zip = await bags.make();
});
afterAll(() => bags.remove());

function trust() {
  return { publicKeys: bags.publicKeys, authorities: [] };
}

function resultsOf(checks: readonly Check[]): Record<string, string> {
  return Object.fromEntries(checks.map(({ name, result }) => [name, result]));
}

async function failuresOf(path: string): Promise<readonly string[]> {
  const checks = await verifyBag(path, trust());
  return checks.filter(({ result }) => result === "failed").map(({ name, detail }) => `${name}: ${detail}`);
}

function filesIn(folder: string, start = ""): string[] {
  return readdirSync(join(folder, start), { withFileTypes: true }).flatMap((found) =>
    found.isDirectory() ? filesIn(folder, `${start}${found.name}/`) : [`${start}${found.name}`],
  );
}

/** A bag whose unpacked files somebody changed and zipped again, as our writer does. */
async function zippedAgain(
  change: (folder: string) => void,
  root = NAME,
  more: Partial<BagOptions> = {},
): Promise<string> {
  const made = await bags.make(more);
  const folder = unpacked(made);
  change(folder);
  const files = filesIn(folder)
    .sort()
    .map((name) => ({
      name: `${root}/${name}`,
      path: join(folder, name),
    }));
  const again = `${folder}-again.zip`;
  await writeZip(again, files, () => undefined);
  return again;
}

describe("a bag", () => {
  test("passes every check under the published keys", async () => {
    expect(resultsOf(await verifyBag(zip, trust()))).toEqual({
      zip: "passed",
      manifest: "passed",
      "tag-manifest": "passed",
      "signature-ed25519": "passed",
      "signature-sm2": "passed",
      "time-stamp": "not-done",
    });
  });

  test("proves nothing about who signed it when its keys are only its own, and says so", async () => {
    const signed = (await verifyBag(zip, NO_TRUST)).filter(({ name }) => name.startsWith("signature"));
    expect(signed.map(({ result }) => result)).toEqual(["passed", "passed"]);
    for (const { detail } of signed) expect(detail).toMatch(/who holds it is not proven; .*--keys/);
  });

  test("made twice is the same to the byte", async () => {
    expect(readFileSync(await bags.make()).equals(readFileSync(zip))).toBe(true);
  });

  test("gives its files by name, as bytes and as lines", async () => {
    const entries = await BagReader.open(zip);
    expect((await entries.bytes("data/list.csv")).toString()).toBe(PAYLOAD["data/list.csv"]);
    const lines: string[] = [];
    for await (const line of entries.lines("data/journal.ndjson")) lines.push(line);
    expect(lines).toEqual(['{"offset":1}', '{"offset":2}', '{"offset":3}']);
    expect(await entries.sha256("data/empty.csv")).toBe(createHash("sha256").digest("hex"));
    await entries.close();
  });

  test("is one that unzip and Python read", () => {
    expect(execFileSync("python3", ["-m", "zipfile", "-t", zip]).toString()).toContain("Done testing");
  });

  test("has signatures that openssl verifies by the documented commands", async () => {
    const folder = unpacked(zip);
    const { keyId, ed25519, sm2: sm2Pem } = bags.publicKeys.keys[0]!;
    writeFileSync(join(bags.folder, `${keyId}.ed25519.pem`), ed25519);
    writeFileSync(join(bags.folder, `${keyId}.sm2.pem`), sm2Pem);
    const verify = (key: string, signature: string, ...more: string[]) =>
      execFileSync("openssl", [
        ...["pkeyutl", "-verify", "-pubin", "-inkey", join(bags.folder, `${keyId}.${key}.pem`), "-rawin"],
        ...["-in", join(folder, "tagmanifest-sha256.txt"), "-sigfile", join(folder, "signatures", signature)],
        ...more,
      ]).toString();
    expect(verify("ed25519", "tagmanifest.ed25519.sig")).toContain("Signature Verified Successfully");
    const sm2 = ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"];
    expect(verify("sm2", "tagmanifest.sm2.sig", ...sm2)).toContain("Signature Verified Successfully");
  });

  test("made before a rotation still passes, one made after it too, and a stranger's does not", async () => {
    bags.publicKeys = bags.keys.rotate(CLOCK.now() + 86_400_000);
    expect(await failuresOf(zip)).toEqual([]);
    expect(await failuresOf(await bags.make())).toEqual([]);
    const stranger = new SmallBags();
    expect(await failuresOf(await stranger.make())).toEqual([
      expect.stringMatching(/^signature-ed25519: .*is not by any of the 2 keys given/),
      expect.stringMatching(/^signature-sm2: .*is not by any of the 2 keys given/),
    ]);
    stranger.remove();
  });
});

function stampOf({ url }: StampAuthority): BagOptions["timeStamp"] {
  return (message) => httpTimeStamp(url).stamp(createHash("sha256").update(message).digest());
}

describe("a bag with a time stamp", () => {
  let authority: StampAuthority;
  beforeAll(async () => {
    authority = await StampAuthority.start();
  });
  afterAll(() => authority.stop());

  const stampCheck = async (path: string, name: "ca" | "other" | null) => {
    const authorities = name === null ? [] : [new X509Certificate(authority.pem(name))];
    return (await verifyBag(path, { publicKeys: bags.publicKeys, authorities })).at(-1)!;
  };

  test("says when it was there; who says so is proven by the authority's CA alone", async () => {
    const stamped = await bags.make({ timeStamp: stampOf(authority) });
    expect(await failuresOf(stamped)).toEqual([]);
    const trusted = await stampCheck(stamped, "ca");
    expect(trusted.result).toBe("passed");
    expect(trusted.detail).toMatch(/^\d{14}Z by CN=Stand-in authority$/);
    expect((await stampCheck(stamped, null)).detail).toMatch(/who that is is not proven/);
    expect(await stampCheck(stamped, "other")).toMatchObject({ result: "failed" });
  });

  test("is the same to the byte when it is made again with what was kept, under the name of what was signed", async () => {
    const keptByKind = new Map<string, Uint8Array>();
    const kept = async (kind: string, make: () => Promise<Uint8Array>) => {
      if (!keptByKind.has(kind)) keptByKind.set(kind, await make());
      return keptByKind.get(kind)!;
    };
    const timeStamp = stampOf(authority);
    const { keyId, ed25519, sm2 } = bags.publicKeys.keys.at(-1)!;
    const signer = openCommandSigner({ command: moduleTool(bags), keyId, ed25519, sm2 });
    const [first, second] = [
      await bags.make({ timeStamp, kept, signer }),
      await bags.make({ timeStamp, kept, signer }),
    ];
    expect(readFileSync(first).equals(readFileSync(second))).toBe(true);
    expect(keptByKind.size).toBe(2);
    await bags.make({ timeStamp, kept, signer, payload: { "data/other": "" } });
    expect(keptByKind.size).toBe(4);
  });

  test("that was taken away, or is another's, fails", async () => {
    const timeStamp = stampOf(authority);
    const gone = (folder: string) => rmSync(join(folder, "signatures/tagmanifest.tsr"));
    expect(await failuresOf(await zippedAgain(gone, NAME, { timeStamp }))).toEqual([
      expect.stringMatching(/^tag-manifest: bag-info\.txt: .*tagmanifest\.tsr was taken away/),
    ]);
    const other = unpacked(await bags.make({ timeStamp, payload: { "data/other": "" } }));
    const swapped = (folder: string) =>
      copyFileSync(join(other, "signatures/tagmanifest.tsr"), join(folder, "signatures/tagmanifest.tsr"));
    expect(await failuresOf(await zippedAgain(swapped, NAME, { timeStamp }))).toEqual([
      "time-stamp: signatures/tagmanifest.tsr: is over another hash",
    ]);
  });
});

describe("a bag that somebody changed and zipped again fails where", () => {
  const write = (name: string, text: string) => (folder: string) => writeFileSync(join(folder, name), text);
  test.each<[string, (folder: string) => void, RegExp]>([
    ["a file of data/ has another content", write("data/case.json", "{}"), /^manifest: data\/case\.json: /],
    [
      "a file was added to data/",
      write("data/more.csv", ""),
      /^manifest: data\/more\.csv: is not in manifest-sha256/,
    ],
    ["a file was added elsewhere", write("more.txt", ""), /^tag-manifest: more\.txt: is no file/],
    [
      "a file was taken away",
      (folder) => rmSync(join(folder, "data/empty.csv")),
      /^manifest: data\/empty\.csv: is missing/,
    ],
    [
      "a file has another name",
      (folder) => renameSync(join(folder, "data/case.json"), join(folder, "data/fall.json")),
      /^manifest: data\/fall\.json: is not in manifest-sha256/,
    ],
    [
      "content and its manifest were changed",
      (folder) => {
        writeFileSync(join(folder, "data/empty.csv"), "x");
        const path = join(folder, "manifest-sha256.txt");
        const hash = (text: string) => createHash("sha256").update(text).digest("hex");
        writeFileSync(path, readFileSync(path, "utf8").replace(hash(""), hash("x")));
      },
      /^tag-manifest: manifest-sha256\.txt: /,
    ],
    [
      "one signature stands for the other",
      (folder) =>
        copyFileSync(
          join(folder, "signatures/tagmanifest.sm2.sig"),
          join(folder, "signatures/tagmanifest.ed25519.sig"),
        ),
      /^signature-ed25519: signatures\/tagmanifest\.ed25519\.sig: is not by any/,
    ],
    [
      "a signature is missing",
      (folder) => rmSync(join(folder, "signatures/tagmanifest.sm2.sig")),
      /^signature-sm2: signatures\/tagmanifest\.sm2\.sig: is missing/,
    ],
    [
      "the tag manifest is another",
      (folder) =>
        writeFileSync(
          join(folder, "tagmanifest-sha256.txt"),
          readFileSync(join(folder, "tagmanifest-sha256.txt"), "utf8").replace(/^./, "g"),
        ),
      /^tag-manifest: tagmanifest-sha256\.txt, line 1: /,
    ],
    [
      "a time stamp was added",
      write("signatures/tagmanifest.tsr", "x"),
      /^tag-manifest: bag-info\.txt: .*tagmanifest\.tsr was taken away or added/,
    ],
  ])("%s", async (_, change, expected) => {
    expect(await failuresOf(await zippedAgain(change))).toContainEqual(expect.stringMatching(expected));
  });

  test("its folder has another name", async () => {
    const failures = await failuresOf(await zippedAgain(() => undefined, "kadun-evidence-case-2"));
    expect(failures[0]).toMatch(/^tag-manifest: bag-info\.txt: .*the folder has another name/);
  });
});

describe("a thousand mutations of the file", () => {
  const SEED = 20_261_127;
  const MUTATIONS = 1000;

  test("are found, each with the part", async () => {
    const whole = readFileSync(zip);
    const random = seededRandom(SEED);
    const path = join(bags.folder, "mutated.zip");
    for (let number = 0; number < MUTATIONS; number++) {
      const { what, bytes } = mutated(whole, random);
      writeFileSync(path, bytes);
      const [check] = await verifyBag(path, NO_TRUST);
      const told = `${what} -> ${check?.result} ${check?.detail}`;
      expect(told).toMatch(/ -> failed (the ZIP|".+"|[\w.-]+\/[\w./-]+)(, byte.*| of the ZIP)?('s .*)?: ./);
    }
    expect(statSync(zip).size).toBe(whole.length);
  });
});

function mutated(whole: Buffer, random: Random): { readonly what: string; readonly bytes: Buffer } {
  const at = random.integer(0, whole.length - 1);
  const [before, after] = [whole.subarray(0, at), whole.subarray(at)];
  const byte = (value: number) => Buffer.concat([before, Buffer.of(value), after.subarray(1)]);
  switch (random.integer(0, 3)) {
    case 0:
      return { what: `bit of byte ${at}`, bytes: byte(whole[at]! ^ (1 << random.integer(0, 7))) };
    case 1:
      return { what: `byte ${at}`, bytes: byte((whole[at]! + 1 + random.integer(0, 254)) & 0xff) };
    case 2:
      return { what: `cut at ${at}`, bytes: before };
    default:
      return {
        what: `insertion at ${at}`,
        bytes: Buffer.concat([before, Buffer.of(random.integer(0, 255)), after]),
      };
  }
}
