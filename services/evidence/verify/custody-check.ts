/** Is the custody log whole, and does it speak of this package? */

import { PackageFile, releaseFile, type ShownHolder } from "../../../schemas/evidence/package.js";
import { CustodyChain } from "../custody/custody-chain.js";
import { contentSha256, HASHED_FILES, MASKED, madeSubject } from "../package/content.js";
import { maskedName, maskedPhone } from "../package/masking.js";
import { EvidenceError } from "./check.js";
import type { PackageReader } from "./package-reader.js";
import { bundleHashesIn, jsonPart, numbered, readCase } from "./read-parts.js";

/** @throws EvidenceError naming entry and what was expected. */
export async function checkCustody(reader: PackageReader): Promise<void> {
  const caseFile = await readCase(reader);
  if (caseFile.isMasked) checkMasked(caseFile.holder);
  const chain = new CustodyChain(caseFile.caseId);
  for await (const { text, place } of numbered(reader, PackageFile.CUSTODY)) {
    const problem = chain.add(text);
    if (problem !== null) throw new EvidenceError(place, problem);
  }
  const made = chain.entries.at(-1);
  const place = `${PackageFile.CUSTODY}, its last entry`;
  if (made?.action !== "package-made") throw new EvidenceError(place, "expected that the package was made");
  const [variant = ""] = made.subject.split(" ");
  const content = await contentOf(reader);
  if (made.subject !== madeSubject(variant, content))
    throw new EvidenceError(place, `speaks of another content than this one, ${content}`);
  if (made.at !== caseFile.madeAt || made.actor !== caseFile.madeBy)
    throw new EvidenceError(place, `${PackageFile.CASE} says another time or another person`);
  if ((variant === MASKED) !== caseFile.isMasked)
    throw new EvidenceError(place, `${PackageFile.CASE} shows the holder otherwise`);
  if (variant !== MASKED) checkUnmasked(chain, variant);
}

/** What is masked stays as it is when it is masked again. */
function checkMasked(holder: ShownHolder | null): void {
  if (holder === null) return;
  if (holder.name === maskedName(holder.name) && holder.phone === maskedPhone(holder.phone)) return;
  throw new EvidenceError(PackageFile.CASE, "holder: is shown in full, and nobody agreed to that");
}

/** Asked for by one, agreed to by another, before it was made. */
function checkUnmasked({ entries }: CustodyChain, requestId: string): void {
  const [asked, agreed] = (["unmasked-requested", "unmasked-approved"] as const).map((action) =>
    entries.find((entry) => entry.action === action && entry.subject === requestId),
  );
  const place = `${PackageFile.CUSTODY}, request ${requestId}`;
  if (asked === undefined || agreed === undefined || agreed.seq < asked.seq)
    throw new EvidenceError(place, "expected that somebody asked for it and then another person agreed");
  if (asked.actor === agreed.actor) throw new EvidenceError(place, `${asked.actor} agreed with himself`);
  if (asked.reason === "") throw new EvidenceError(place, "expected a reason");
}

/** Worked out anew from the files. */
export async function contentOf(reader: PackageReader): Promise<string> {
  const sha256: Record<string, string> = {};
  for (const name of HASHED_FILES) if (reader.names.includes(name)) sha256[name] = await reader.sha256(name);
  return contentSha256({
    caseFile: await readCase(reader),
    release: await jsonPart(reader, PackageFile.RELEASE, releaseFile),
    bundleHashes: bundleHashesIn(reader),
    sha256,
  });
}
