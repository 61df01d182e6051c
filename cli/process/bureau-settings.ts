/** Where reports of loss go that cardholders make on their pages, the same in every profile. */

import { anyText } from "../../platform/config/setting-kinds.js";
import type { SettingsTable } from "../../platform/config/settings.js";

export const BUREAU_SETTINGS = {
  bureauUrl: {
    option: "bureau-url",
    variable: "KADUN_BUREAU_URL",
    fallback: "",
    help: "address (https://) of the bureau's own system, which gets the losses that cardholders report here; empty: they are written to a file",
    kind: anyText("an address"),
  },
  bureauSecretFile: {
    option: "bureau-secret-file",
    variable: "KADUN_BUREAU_SECRET_FILE",
    fallback: "",
    help: "file with the secret that signs what goes there, 64 hexadecimal digits, such as `openssl rand -hex 32` writes",
    kind: anyText("a file"),
  },
} as const satisfies SettingsTable;
