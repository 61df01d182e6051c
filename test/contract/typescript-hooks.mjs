/** Lets a child process of a test run the sources as they are: `node --import <this file> program.ts`. */

import { existsSync, readFileSync } from "node:fs";
import { register } from "node:module";
import { fileURLToPath } from "node:url";
import { transformSync } from "@swc/core";

const OPTIONS = { jsc: { target: "es2022", parser: { syntax: "typescript" } }, module: { type: "es6" } };

export async function resolve(specifier, context, next) {
  if (specifier.startsWith(".") && specifier.endsWith(".js")) {
    const source = new URL(specifier.replace(/\.js$/, ".ts"), context.parentURL);
    if (existsSync(source)) return { url: source.href, shortCircuit: true };
  }
  return next(specifier, context);
}

export async function load(url, context, next) {
  if (!url.endsWith(".ts")) return next(url, context);
  const { code } = transformSync(readFileSync(fileURLToPath(url), "utf8"), {
    ...OPTIONS,
    filename: fileURLToPath(url),
  });
  return { format: "module", source: code, shortCircuit: true };
}

if (!import.meta.url.includes("?hooks")) register(`${import.meta.url}?hooks`);
