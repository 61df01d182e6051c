/** What a division code is called in an SMS: its city, never an institution, whose name can tell an illness. */

import type { Regions } from "../../schemas/bundle/regions.js";
import { SMS_VALUE_LENGTH_MAX } from "../../schemas/sms-templates.js";

/** Cities of the rank of a province. */
const CITY_PROVINCES = ["11", "12", "31", "50", "71", "81", "82"];
/** Counties directly under their province: the county is the city. */
const DIRECT_COUNTIES = ["4190", "4290", "4690", "6590"];
export const PLACE_UNKNOWN = "外地";

export function placeName(regions: Regions["regions"], code: string): string {
  const name = regions[cityCode(code)]?.[0] ?? regions[code.slice(0, 2)]?.[0];
  return name === undefined ? PLACE_UNKNOWN : name;
}

function cityCode(code: string): string {
  if (CITY_PROVINCES.includes(code.slice(0, 2))) return code.slice(0, 2);
  if (!DIRECT_COUNTIES.includes(code.slice(0, 4))) return code.slice(0, 4);
  // Of four digits it names no place, only how they are governed.
  return code.length === 6 ? code : code.slice(0, 2);
}

const PEOPLES =
  "朝鲜族|土家族|苗族|壮族|黎族|藏族|羌族|彝族|布依族|侗族|哈尼族|傣族|白族|景颇族|傈僳族|回族|蒙古族|蒙古|柯尔克孜|哈萨克|维吾尔";
const AUTONOMOUS = new RegExp(`(?<=.)(?:${PEOPLES})*自治([州县区])$`);

/**
 * As people say it, in the room that a variable has: 西双版纳州, 广西, 香港. A name that is longer even so is cut; none
 * of the register is.
 */
export function shortPlace(name: string): string {
  if (name.length <= SMS_VALUE_LENGTH_MAX.place) return name === "" ? PLACE_UNKNOWN : name;
  const short = name
    .replace(/特别行政区$/, "")
    .replace(AUTONOMOUS, (_, rank: string) => (rank === "区" ? "" : rank));
  return cutTo(short, SMS_VALUE_LENGTH_MAX.place);
}

/** At most so many UTF-16 units (operators count those), whole characters. */
function cutTo(text: string, units: number): string {
  let kept = "";
  for (const character of text) {
    if (kept.length + character.length > units) break;
    kept += character;
  }
  return kept === "" ? PLACE_UNKNOWN : kept;
}
