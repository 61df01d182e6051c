import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openLmdbKeyValue } from "../../../platform/key-value/lmdb/lmdb-key-value.js";
import { TestProcess } from "../../contract/child-process.js";
import { describeKeyValue } from "../../contract/key-value.contract.js";

const program = fileURLToPath(new URL("./lmdb-key-value.child.ts", import.meta.url));

describeKeyValue("the LMDB store", {
  beside: { has: true },
  create: async () => {
    const path = mkdtempSync(join(tmpdir(), "kadun-lmdb-key-value-"));
    return {
      open: () => openLmdbKeyValue({ path }),
      beside: {
        openBeside: () => openLmdbKeyValue({ path, readOnly: true }),
        write: (hear) => TestProcess.start({ program, arguments: [path] }, hear),
      },
      remove: async () => rmSync(path, { recursive: true, force: true }),
    };
  },
});
