/** A small package for tests of its bag: payload of a few files, signed with keys of its own. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Signer } from "../../../platform/signer/signer.js";
import type { PublishedKeys } from "../../../schemas/evidence/keys.js";
import { type BagOptions, writeBag } from "../../../services/evidence/bag/write-bag.js";
import { KeyRing } from "../../../services/evidence/keys/key-ring.js";

export const CLOCK = { now: () => Date.UTC(2026, 10, 27, 2, 0, 0) };
export const PAYLOAD: Readonly<Record<string, string>> = {
  "data/case.json": '{"caseId":"case-1"}\n',
  "data/journal.ndjson": '{"offset":1}\n{"offset":2}\n{"offset":3}\n',
  "data/bundles/rules.json": "{}",
  "data/empty.csv": "",
  "data/list.csv": "序号,文件\r\n1,data/case.json\r\n",
};

export class SmallBags {
  readonly folder = mkdtempSync(join(tmpdir(), "kadun-bag-"));
  /** File of the key ring. */
  readonly ring = join(this.folder, "keys.json");
  readonly keys = KeyRing.open(this.ring, CLOCK.now());
  publicKeys: PublishedKeys = this.keys.published();
  private made = 0;

  signer(): Signer {
    return this.keys.signer();
  }

  /** Path of the ZIP; its unpacked form lies beside it, without `.zip`. */
  async make({
    payload = PAYLOAD,
    timeStamp = null,
    ...more
  }: Partial<BagOptions> & {
    readonly payload?: Readonly<Record<string, string | Uint8Array>>;
  } = {}): Promise<string> {
    const folder = join(this.folder, `${++this.made}`);
    for (const [name, content] of Object.entries(payload)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const zipFile = `${folder}.zip`;
    await writeBag({
      folder,
      zipFile,
      name: "kadun-evidence-case-1",
      caseId: "case-1",
      madeAt: "2026-11-27T10:00:00.000+08:00",
      contentSha256: "ab".repeat(32),
      signer: this.signer(),
      publicKeys: this.publicKeys,
      timeStamp,
      kept: (_, make) => make(),
      onProgress: () => undefined,
      ...more,
    });
    return zipFile;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function unpacked(zipFile: string): string {
  return zipFile.slice(0, -".zip".length);
}
