/**
 * Makes rulesets/regions.json from two public lists (both MIT, see NOTICE); run by hand when a list changes:
 * `node dist/tools/regions.js REGIONS_CSV GB2260_TSV [OUTPUT]`.
 * Codes of 9 digits (towns) are left out: nothing here is judged below the county.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type RegionEntry, type RegionsFile, regionsFile } from "../schemas/bundle/regions.js";

const SOURCE =
  "pfinal/city, GB/T 2260 codes with BD-09 centre points (MIT); codes missing there from cn/GB2260 of 2019-04 (MIT); `corrected` points: tools/regions.ts";
/** 0.0001° is 11 m: far below the error of a centre point, and keeps the file small. */
const DECIMALS = 4;

/** Points of the source that lie in another part of the country; the point of another code replaces them. */
const POINT_OF: Readonly<Record<string, string>> = {
  "1305": "130502", // geocoded to a county 48 km east; the city's own district
  "4603": "460321", // geocoded to Shashi in Hubei (the names differ by one character); Yongxing is in the Xisha islands
  "5132": "513201", // geocoded to the county of the same name; the seat is Barkam
  "5223": "522301", // geocoded to Qianxi county of another prefecture; the seat is Xingyi
  "5325": "532503", // geocoded to the county of the same name; the seat is Mengzi
  "130274": "1302", // geocoded to a district of the same name in Qinhuangdao
  "130971": "1309", // geocoded to Tianjin
  "131171": "1311", // geocoded to Tianjin
  "371472": "3714", // geocoded to Cangzhou
  "622926": "6229", // geocoded to Dongxiang in Jiangxi
  "650521": "6505", // geocoded to Urumqi
  "3712": "370116", // Laiwu, a city until 2019, a district of Jinan since
};

/**
 * Counties under no prefecture: each is a city of its own, but the source gives them the centre of the province
 * or of a neighbour, up to 1,500 km away. Their seats to 0.1° (error up to 8 km), from general knowledge.
 */
const SEATS: Readonly<Record<string, readonly [longitude: number, latitude: number]>> = {
  "429004": [113.5, 30.4],
  "429005": [112.9, 30.4],
  "429006": [113.2, 30.7],
  "429021": [110.7, 31.7],
  "469001": [109.5, 18.8],
  "469002": [110.5, 19.2],
  "469005": [110.8, 19.6],
  "469006": [110.4, 18.8],
  "469007": [108.7, 19.1],
  "469021": [110.3, 19.7],
  "469022": [110.1, 19.4],
  "469023": [110.0, 19.7],
  "469024": [109.7, 19.9],
  "469025": [109.5, 19.2],
  "469026": [109.1, 19.3],
  "469028": [110.0, 18.5],
  "469029": [109.7, 18.6],
  "469030": [109.8, 19.0],
  "659005": [87.8, 47.4],
  "659006": [85.7, 41.9],
  "659007": [82.4, 44.8],
  "659008": [81.0, 43.9],
  "659009": [79.3, 37.2],
};

type Regions = Record<string, RegionEntry>;

function readSource(csv: string): Regions {
  const regions: Regions = {};
  for (const line of csv.trim().split(/\r?\n/).slice(1)) {
    const [code = "", name = "", , longitude, latitude] = line.split(",");
    if (code.length <= 6) regions[code] = [name, rounded(Number(longitude)), rounded(Number(latitude))];
  }
  return regions;
}

/** Codes of GB/T 2260 that the source lacks (mostly abolished since): a name, no point. */
function addMissing(regions: Regions, tsv: string): void {
  for (const line of tsv.trim().split(/\r?\n/).slice(1)) {
    const [, , padded = "", name = ""] = line.split("\t");
    const code = padded.replace(/^(\d{2})0000$/, "$1").replace(/^(\d{4})00$/, "$1");
    regions[code] ??= [name];
  }
}

function correct(regions: Regions): string[] {
  for (const [code, other] of Object.entries(POINT_OF)) {
    const [, longitude, latitude] = pointOf(regions, other);
    regions[code] = [nameOf(regions, code), longitude, latitude];
  }
  for (const [code, seat] of Object.entries(SEATS)) regions[code] = [nameOf(regions, code), ...seat];
  return [...Object.keys(POINT_OF), ...Object.keys(SEATS)].sort();
}

function nameOf(regions: Regions, code: string): string {
  const entry = regions[code];
  if (entry === undefined)
    throw new Error(`tools/regions.ts corrects ${code}, which neither list has: drop it`);
  return entry[0];
}

function pointOf(regions: Regions, code: string): [string, number, number] {
  const entry = regions[code];
  if (entry?.length !== 3) throw new Error(`tools/regions.ts takes the point of ${code}, which has none`);
  return entry;
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}

export function convertRegions(csv: string, tsv: string): RegionsFile {
  const regions = readSource(csv);
  addMissing(regions, tsv);
  const corrected = correct(regions);
  const provinces = Object.keys(regions)
    .filter((code) => code.length === 2)
    .sort();
  return regionsFile.parse({ source: SOURCE, corrected, provinces, regions, adjacentPairs: [] });
}

/** One entry per line, so that a change of a list reads well in a diff. */
export function printRegions(file: RegionsFile): string {
  const lines = Object.keys(file.regions)
    .sort()
    .map((code) => `${JSON.stringify(code)}:${JSON.stringify(file.regions[code])}`);
  return [
    "{",
    `"source":${JSON.stringify(file.source)},`,
    `"corrected":${JSON.stringify(file.corrected)},`,
    `"provinces":${JSON.stringify(file.provinces)},`,
    `"regions":{\n${lines.join(",\n")}\n},`,
    `"adjacentPairs":${JSON.stringify(file.adjacentPairs)}`,
    "}\n",
  ].join("\n");
}

function main([csvPath, tsvPath, outputPath = "rulesets/regions.json"]: string[]): void {
  if (csvPath === undefined || tsvPath === undefined) {
    process.stderr.write("usage: regions REGIONS_CSV GB2260_TSV [OUTPUT]\n");
    process.exitCode = 64;
    return;
  }
  writeFileSync(
    outputPath,
    printRegions(convertRegions(readFileSync(csvPath, "utf8"), readFileSync(tsvPath, "utf8"))),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) main(process.argv.slice(2));
