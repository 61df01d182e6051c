/**
 * Makes rulesets/regions.json from two public lists (both MIT, see NOTICE); run by hand when a list changes:
 * `node dist/tools/regions.js REGIONS_CSV GB2260_TSV [OUTPUT]`.
 * Codes of 9 digits (towns) are left out: nothing here is judged below the county. So are the abolished counties that
 * only the second list has: it gives no points, and a county without one takes the place and name of its city.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type RegionEntry, type Regions, regionsFile } from "../schemas/bundle/regions.js";

const SOURCE =
  "pfinal/city, GB/T 2260 codes with BD-09 centre points (MIT); codes missing there from cn/GB2260 of 2019-04 (MIT); `corrected` points: tools/regions.ts";
/** 0.0001° is 11 m: far below the error of a centre point, and keeps the file small. */
const DECIMALS = 4;
const PROVINCE_DIGITS = 2;
const COUNTY_DIGITS = 6;

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

interface Source {
  names: Map<string, string>;
  entries: Map<string, RegionEntry>;
}

function readSource(csv: string, tsv: string): Source {
  const source: Source = { names: new Map(), entries: new Map() };
  for (const line of tsv.trim().split(/\r?\n/).slice(1)) {
    const [, , code = "", name = ""] = line.split("\t");
    source.names.set(code.replace(/(0000|00)$/, ""), name);
  }
  for (const line of csv.trim().split(/\r?\n/).slice(1)) {
    const [code = "", name = "", , longitude, latitude] = line.split(",");
    if (code.length > COUNTY_DIGITS) continue;
    source.names.set(code, name);
    source.entries.set(code, [name, rounded(Number(longitude)), rounded(Number(latitude))]);
  }
  return source;
}

function correct({ names, entries }: Source): string[] {
  for (const [code, other] of Object.entries(POINT_OF)) {
    const [, longitude, latitude] = known(entries, other);
    entries.set(code, [known(names, code), longitude, latitude]);
  }
  for (const [code, seat] of Object.entries(SEATS)) entries.set(code, [known(names, code), ...seat]);
  return [...Object.keys(POINT_OF), ...Object.keys(SEATS)].sort();
}

function known<T>(table: Map<string, T>, code: string): T {
  const value = table.get(code);
  if (value === undefined)
    throw new Error(`tools/regions.ts names ${code}, which the lists lack: drop it there`);
  return value;
}

function rounded(degrees: number): number {
  return Number(degrees.toFixed(DECIMALS));
}

export function convertRegions(csv: string, tsv: string): Regions {
  const source = readSource(csv, tsv);
  const corrected = correct(source);
  const codes = [...source.entries.keys()].sort();
  return regionsFile.parse({
    source: SOURCE,
    corrected,
    provinces: codes.filter((code) => code.length === PROVINCE_DIGITS),
    regions: Object.fromEntries(codes.map((code) => [code, known(source.entries, code)])),
    adjacentPairs: [],
  });
}

/** One entry per line, so that a change of a list reads well in a diff. */
export function printRegions(file: Regions): string {
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
