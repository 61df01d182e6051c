/** services/evidence/page/verify.html: the verifier page in one file that works offline, from its parts. */

import { readFileSync } from "node:fs";
import { buildSync } from "esbuild";

const FOLDER = "services/evidence/page";
/** Browsers of some years ago still run in offices. */
const TARGET = "es2020";

export function verifierPageText(): string {
  const { outputFiles } = buildSync({
    entryPoints: [`${FOLDER}/page.ts`],
    bundle: true,
    minify: true,
    legalComments: "inline",
    format: "iife",
    target: TARGET,
    write: false,
    charset: "utf8",
    // Only what is in this folder and the one library counts.
    tsconfigRaw: "{}",
  });
  const script = outputFiles[0]!.text.trim().replaceAll("</script", "<\\/script");
  return readFileSync(`${FOLDER}/page.html`, "utf8").replace("/*SCRIPT*/", () => script);
}
