/**
 * dist/web: the console's pages, made by Vite where something that they are made of has changed, and compressed once
 * instead of with every answer.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type InlineConfig } from "vite";
import { packageRoot } from "../cli/package-root.js";
import { filesOf, makeOf } from "./made-of.js";

const SOURCES = [
  "tools/build-web.ts",
  "services/console/web",
  "schemas",
  "rulesets/regions.json",
  "package-lock.json",
];
const OUT = join(packageRoot, "dist", "web");
/** Smaller than a packet: nothing is won. */
const COMPRESSED_BYTES_MIN = 1_400;
const COMPRESSIBLE = /\.(js|css|html|svg|json)$/;

const CONFIG: InlineConfig = {
  configFile: false,
  root: join(packageRoot, "services", "console", "web"),
  base: "/",
  publicDir: false,
  logLevel: "warn",
  // Put in anew with each page: services/console/server/web-files.ts.
  html: { cspNonce: "__KADUN_NONCE__" },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    // The content security policy allows files, not data in them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
    // The design library is most of a megabyte before compression, and every page needs it.
    chunkSizeWarningLimit: 1_500,
    rolldownOptions: {
      // "use client" is for servers that render pages; here there is none.
      onLog: (level, log, tell) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") tell(level, log);
      },
    },
  },
};

await makeOf(OUT, SOURCES, async () => {
  await build(CONFIG);
  for (const file of filesOf(OUT)) compress(file);
});

function compress(file: string): void {
  const content = readFileSync(file);
  if (COMPRESSIBLE.test(file) && content.length >= COMPRESSED_BYTES_MIN)
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
