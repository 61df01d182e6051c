/** Names of the tag files of a package's bag (RFC 8493; docs/evidence.md says what is what). */

export const BagFile = {
  BAGIT: "bagit.txt",
  INFO: "bag-info.txt",
  MANIFEST: "manifest-sha256.txt",
  SM3_MANIFEST: "kadun/manifest-sm3.txt",
  PUBLIC_KEYS: "kadun/public-keys.json",
  TAG_MANIFEST: "tagmanifest-sha256.txt",
  ED25519: "signatures/tagmanifest.ed25519.sig",
  SM2: "signatures/tagmanifest.sm2.sig",
  TIME_STAMP: "signatures/tagmanifest.tsr",
} as const;

/** Listed in the tag manifest, in the order of their names' bytes. */
export const TAG_FILES = [
  BagFile.INFO,
  BagFile.BAGIT,
  BagFile.SM3_MANIFEST,
  BagFile.PUBLIC_KEYS,
  BagFile.MANIFEST,
] as const;

/** There in every bag, besides what lies in `data/`. */
export const ALWAYS_IN_BAG: readonly string[] = [
  ...TAG_FILES,
  BagFile.TAG_MANIFEST,
  BagFile.ED25519,
  BagFile.SM2,
];

export const PAYLOAD = "data/";
export const BAGIT_TEXT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

/** Lines of the bag's description without which a renamed folder or a time stamp that was taken away would not be missed. */
export function announcedText(folder: string, isTimeStamped: boolean): string {
  return `Kadun-Folder: ${folder}\nKadun-Signatures: ed25519 sm2${isTimeStamped ? " rfc3161" : ""}`;
}
