/** When was the package there, and who says so? */

import { createHash, type X509Certificate } from "node:crypto";
import { TimeStampError } from "../../../platform/time-stamp/time-stamp.js";
import { readTimeStamp } from "../../../platform/time-stamp/time-stamp-token.js";
import { type Check, done, EvidenceError, type Meaning } from "../verify/check.js";
import { BagFile } from "./bag-names.js";
import type { BagReader } from "./bag-reader.js";

const TIME_STAMP: Meaning = {
  name: "time-stamp",
  proves: "an authority says that the package was there at this time",
  doesNotProve: "that the authority's clock was right, or that the package was not made earlier",
};

/** @param authorities certificates (CA) that are trusted; none: who signed the stamp is not looked at. */
export async function timeStampCheck(
  reader: BagReader,
  authorities: readonly X509Certificate[],
): Promise<Check> {
  if (!reader.names.includes(BagFile.TIME_STAMP))
    return {
      ...TIME_STAMP,
      result: "not-done",
      detail: "no authority was configured when the package was made",
    };
  return done(TIME_STAMP, async () => {
    const message = await reader.bytes(BagFile.TAG_MANIFEST);
    const sha256 = createHash("sha256").update(message).digest();
    const stamp = stampIn(await reader.bytes(BagFile.TIME_STAMP), { sha256, authorities });
    const said = `${stamp.at} by ${stamp.authority}`;
    return stamp.isTrusted
      ? said
      : `${said}: who that is is not proven; the certificate of the authority's CA would show it`;
  });
}

function stampIn(token: Uint8Array, expected: Parameters<typeof readTimeStamp>[1]) {
  try {
    return readTimeStamp(token, expected);
  } catch (error) {
    if (error instanceof TimeStampError) throw new EvidenceError(BagFile.TIME_STAMP, error.message);
    throw error;
  }
}
