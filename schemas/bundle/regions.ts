/** rulesets/regions.json: division codes, their names and centre points (docs/design.md sections 2 and 6). */
import * as z from "zod";
import { NAME_LENGTH_MAX, region } from "../fields.js";

/** Every point of the country, the southern islands included, lies within these degrees. */
const LONGITUDE_MIN = 73;
const LONGITUDE_MAX = 136;
const LATITUDE_MIN = 3;
const LATITUDE_MAX = 54;

const name = z.string().min(1).max(NAME_LENGTH_MAX);
const longitude = z.number().min(LONGITUDE_MIN).max(LONGITUDE_MAX);
const latitude = z.number().min(LATITUDE_MIN).max(LATITUDE_MAX);

/** `[name, longitude, latitude]`; a code without a trustworthy point is left out, so its city's point counts. */
const regionEntry = z.tuple([name, longitude, latitude]);

export const regionsFile = z
  .strictObject({
    source: z.string().min(1),
    /** Codes whose point is not the source's; tools/regions.ts says why. */
    corrected: z.array(region),
    provinces: z.array(z.string().regex(/^\d{2}$/, "a province code of 2 digits")).min(1),
    regions: z.record(region, regionEntry),
    /** Cities that count as adjacent although their centres are 100 km or more apart. */
    adjacentPairs: z.array(z.tuple([region, region])),
  })
  .superRefine((file, context) => {
    const listed = { provinces: file.provinces, adjacentPairs: file.adjacentPairs.flat() };
    for (const [list, codes] of Object.entries(listed)) {
      for (const code of codes) {
        if (code in file.regions) continue;
        context.addIssue({
          code: "custom",
          path: [list],
          message: `${code} is listed but not among regions: add it there`,
        });
      }
    }
    const provinces = new Set(file.provinces);
    for (const code of Object.keys(file.regions)) {
      if (!provinces.has(code.slice(0, 2))) {
        context.addIssue({
          code: "custom",
          path: ["regions", code],
          message: `${code} belongs to no listed province: add ${code.slice(0, 2)}`,
        });
      }
    }
  });

export type RegionEntry = z.infer<typeof regionEntry>;
export type Regions = z.infer<typeof regionsFile>;
