/** What an archive cannot tell of its contents by itself: bundles by their content hash, persons by the detector's own seal. */

import type { ContentChecks } from "../../services/archive/verify-archive.js";
import { standaloneRecord } from "../../services/detector/person/record-codec.js";
import { bundleOfContent } from "../bundle-files.js";

export const CONTENT_CHECKS: ContentChecks = {
  bundleHash: (content) => bundleOfContent(content, "bundle").bundle.hash,
  person: (value, personKey, position) => {
    const record = standaloneRecord(value);
    if (record.personKey() !== personKey) throw new Error(`holds the record of ${record.personKey()}`);
    const includes = record.includesOffset();
    if (includes > position)
      throw new Error(`includes offset ${includes}, the checkpoint stands at ${position}`);
  },
};
