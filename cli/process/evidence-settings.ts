/** Who signs evidence and who stamps its time, the same in every profile. */

import { anyText } from "../../platform/config/setting-kinds.js";
import type { SettingsTable } from "../../platform/config/settings.js";

export const SIGNING_SETTINGS = {
  evidenceSigner: {
    option: "evidence-signer",
    variable: "KADUN_EVIDENCE_SIGNER",
    fallback: "",
    help: "program that signs evidence with keys of a module (HSM) or a service (KMS), with its first arguments; empty: keys in a file",
    kind: anyText("a program"),
  },
  timeStampUrl: {
    option: "time-stamp-url",
    variable: "KADUN_TIME_STAMP_URL",
    fallback: "",
    help: "authority (RFC 3161) that stamps the time of evidence packages; empty: none",
    kind: anyText("an address"),
  },
} as const satisfies SettingsTable;
