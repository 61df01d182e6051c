/**
 * dist/web: the console's pages, made by Vite where something that they are made of has changed, and compressed once
 * instead of with every answer.
 */

import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type InlineConfig } from "vite";
import { packageRoot } from "../cli/package-root.js";

const SOURCES = [
  "tools/build-web.ts",
  "services/console/web",
  "schemas",
  "rulesets/regions.json",
  "package-lock.json",
];
const OUT = join(packageRoot, "dist", "web");
const STAMP = join(OUT, ".sources");
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

const sources = hashOf(SOURCES);
if (!existsSync(STAMP) || readFileSync(STAMP, "utf8") !== sources) {
  await build(CONFIG);
  for (const file of filesOf(OUT)) compress(file);
  // Last: where this was broken off, it is made again.
  writeFileSync(STAMP, sources);
}

function hashOf(places: readonly string[]): string {
  const hash = createHash("sha256");
  for (const file of places.flatMap((place) => filesOf(join(packageRoot, place)))) {
    const content = readFileSync(file);
    hash.update(`${file.slice(packageRoot.length)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/** In order; a file is itself. */
function filesOf(place: string): readonly string[] {
  if (statSync(place).isFile()) return [place];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
    .sort();
}

function compress(file: string): void {
  const content = readFileSync(file);
  if (COMPRESSIBLE.test(file) && content.length >= COMPRESSED_BYTES_MIN)
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
}
