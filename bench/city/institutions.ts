/** The institutions of the city: pharmacies (most of a chain) and hospitals in every county of the table. */
import type { InstitutionKind } from "../../schemas/fields.js";
import { MINUTE_MS } from "./clock.js";
import { HONEST_MIX } from "./mix.js";
import { CITIES, type County } from "./places.js";
import type { Random } from "./random.js";

export interface Institution {
  readonly id: string;
  readonly kind: InstitutionKind;
  readonly county: County;
  readonly chainId?: string;
  readonly terminalIds: readonly string[];
  readonly operatorIds: readonly string[];
  readonly coordinates?: { readonly longitude: number; readonly latitude: number };
  /** Whether a physical card needs its PIN here. */
  readonly asksPin: boolean;
  /** How far its clock is ahead; 0 for nearly all. */
  readonly clockAheadMs: number;
}

const PHARMACIES_OF_COUNTY = [12, 28] as const;
const HOSPITALS_OF_COUNTY = [3, 6] as const;
const CHAINED_SHARE = 0.7;
const CHAINS_OF_CITY = 5;
const CHAINS_NATIONAL = 3;
/** About 3 km: an institution stands near its county's centre. */
const SCATTER_DEGREES = 0.03;

export class Register {
  private readonly byCounty = new Map<string, { pharmacies: Institution[]; hospitals: Institution[] }>();
  private readonly byChain = new Map<string, Institution[]>();

  constructor(random: Random) {
    for (const county of CITIES.flatMap((city) => city.counties)) {
      const pharmacies = manyOf(random, county, "pharmacy", random.whole(...PHARMACIES_OF_COUNTY));
      const hospitals = manyOf(random, county, "hospital", random.whole(...HOSPITALS_OF_COUNTY));
      this.byCounty.set(county.code, { pharmacies, hospitals });
      for (const pharmacy of pharmacies) this.enterChain(pharmacy);
    }
  }

  in(county: County, kind: InstitutionKind): readonly Institution[] {
    const institutions = this.byCounty.get(county.code);
    if (institutions === undefined) throw new RangeError(`county '${county.code}' has no institutions`);
    return kind === "pharmacy" ? institutions.pharmacies : institutions.hospitals;
  }

  /** Pharmacies of the county that ask for a card's PIN, or those that do not. */
  pharmacies(county: County, { asksPin }: { asksPin: boolean }): readonly Institution[] {
    return this.in(county, "pharmacy").filter((pharmacy) => pharmacy.asksPin === asksPin);
  }

  /** All branches of the pharmacy's chain in its city, itself included. */
  branches(pharmacy: Institution): readonly Institution[] {
    return this.byChain.get(chainKey(pharmacy)) ?? [pharmacy];
  }

  private enterChain(pharmacy: Institution): void {
    if (pharmacy.chainId === undefined) return;
    const branches = this.byChain.get(chainKey(pharmacy)) ?? [];
    branches.push(pharmacy);
    this.byChain.set(chainKey(pharmacy), branches);
  }
}

function chainKey(pharmacy: Institution): string {
  return `${pharmacy.county.city.code}/${pharmacy.chainId}`;
}

function manyOf(random: Random, county: County, kind: InstitutionKind, count: number): Institution[] {
  return Array.from({ length: count }, (_, index) => institutionOf(random, county, kind, index + 1));
}

function institutionOf(random: Random, county: County, kind: InstitutionKind, serial: number): Institution {
  const id = `${kind === "pharmacy" ? "P" : "H"}${county.code}${String(serial).padStart(5, "0")}`;
  const chainId = kind === "pharmacy" && random.chance(CHAINED_SHARE) ? chainIdOf(random, county) : undefined;
  const coordinates = random.chance(HONEST_MIX.coordinatesOfInstitutions)
    ? {
        longitude: degrees(county.longitude + random.between(-SCATTER_DEGREES, SCATTER_DEGREES)),
        latitude: degrees(county.latitude + random.between(-SCATTER_DEGREES, SCATTER_DEGREES)),
      }
    : undefined;
  const tills = kind === "pharmacy" ? random.whole(1, 2) : random.whole(3, 6);
  return {
    id,
    kind,
    county,
    ...(chainId === undefined ? {} : { chainId }),
    ...(coordinates === undefined ? {} : { coordinates }),
    terminalIds: numbered(`T${id}`, tills),
    operatorIds: numbered(`O${id}`, tills + 1),
    // The first of a county never asks: a thief without the PIN finds a place anywhere.
    asksPin: serial !== 1 && !random.chance(HONEST_MIX.noPinOfInstitutions),
    clockAheadMs: random.chance(HONEST_MIX.fastClockOfInstitutions) ? random.whole(6, 15) * MINUTE_MS : 0,
  };
}

function chainIdOf(random: Random, county: County): string {
  const chain = random.whole(1, CHAINS_OF_CITY + CHAINS_NATIONAL);
  return chain <= CHAINS_NATIONAL ? `CHAIN-00-${chain}` : `CHAIN-${county.city.code}-${chain}`;
}

function numbered(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
}

function degrees(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
