/** Names and centres of regions, of the same list that the rules use. Loaded once, as a file of its own. */

import { useQuery } from "@tanstack/react-query";

interface RegionsFile {
  /** By code: name, and longitude and latitude of the centre where they are known. */
  readonly regions: Readonly<Record<string, readonly [string, number?, number?]>>;
}

export interface RegionPlace {
  readonly name: string;
  readonly centre: { readonly longitude: number; readonly latitude: number } | null;
}

export type Regions = RegionsFile["regions"];

export function useRegions(): Regions {
  const { data } = useQuery({ queryKey: ["regions"], queryFn: load, staleTime: Number.POSITIVE_INFINITY });
  return data ?? {};
}

/** The code itself until the names are there, and where it has none. */
export function useRegionName(): (code: string) => string {
  const regions = useRegions();
  return (code) => regionName(regions, code);
}

/** Cities whose code says nothing more than their province's. */
const NAMELESS = ["市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"];

/** "杭州市 西湖区"; of a province its own name. */
export function regionName(regions: Regions, code: string): string {
  if (code === "") return "—";
  const city = nameOf(regions, code.slice(0, 4)) ?? nameOf(regions, code.slice(0, 2));
  const county = code.length === 6 ? nameOf(regions, code) : null;
  return [city, county].filter((name) => name !== null).join(" ") || code;
}

/** Of the finest code that has a centre. */
export function regionCentre(regions: Regions, code: string): RegionPlace["centre"] {
  for (const length of [6, 4, 2]) {
    const [, longitude, latitude] = regions[code.slice(0, length)] ?? [];
    if (longitude !== undefined && latitude !== undefined) return { longitude, latitude };
  }
  return null;
}

function nameOf(regions: Regions, code: string): string | null {
  const name = regions[code]?.[0];
  return name === undefined || NAMELESS.includes(name) ? null : name;
}

async function load(): Promise<Regions> {
  const { default: file } = await import("../../../../rulesets/regions.json");
  return (file as unknown as RegionsFile).regions;
}
