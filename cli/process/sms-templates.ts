/** The texts of SMS that Kadun ships. */

import { join } from "node:path";
import { type SmsTemplatesFile, smsTemplatesFile } from "../../schemas/sms-templates.js";
import { readChecked } from "../bundle-files.js";
import { packageRoot } from "../package-root.js";

/** @throws OperatingError where the file is not what it should be. */
export function smsTemplates(): SmsTemplatesFile {
  return readChecked(join(packageRoot, "rulesets", "sms-templates.json"), smsTemplatesFile);
}
