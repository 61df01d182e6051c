/** A city as two files: what the networks send, and the labels that the judge never sees. */

import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type CityOptions, writeCity } from "../city/city.js";

/** Resolves with the number of lines when both files are whole. */
export async function writeCityFiles(
  options: CityOptions,
  paths: { readonly raw: string; readonly labels: string },
): Promise<number> {
  const raw = createWriteStream(paths.raw);
  const labels = createWriteStream(paths.labels);
  const lines = await writeCity(options, { raw, labels });
  raw.end();
  labels.end();
  await Promise.all([finished(raw), finished(labels)]);
  return lines;
}
