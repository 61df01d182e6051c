/** Requests of the national platform for tests: samples of test/fixtures/national, and small ones with only what matters. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Institution } from "../../schemas/institution.js";
import { opened, recordOf } from "../../schemas/national/envelope-in.js";
import { MessagesSeen } from "../../schemas/national/messages-seen.js";

const FOLDER = join("test", "fixtures", "national");

export interface NationalSample {
  readonly name: string;
  readonly about: string;
  readonly envelope: Record<string, unknown>;
  /** What the register knows of the institution. */
  readonly register?: Institution;
  readonly record: Record<string, unknown>;
}

export const nationalSamples: readonly NationalSample[] = readdirSync(FOLDER)
  .sort()
  .map((file) => ({
    name: file.replace(".json", ""),
    ...(JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Omit<NationalSample, "name">),
  }));

export const PERSON = "33000000000000000000004711";
export const PHARMACY = "P33010600012";
export const HOSPITAL = "H33010600345";

export type Fields = Readonly<Record<string, unknown>>;

export function request(infno: string, input: unknown, fields: Fields = {}): Record<string, unknown> {
  return {
    infno,
    msgid: `${PHARMACY}202603020915001001`,
    mdtrtarea_admvs: "330106",
    insuplc_admdvs: "330100",
    inf_time: "2026-03-02 09:15:00",
    fixmedins_code: PHARMACY,
    input,
    ...fields,
  };
}

/** 2101 or 2102. */
export function purchase(infno: "2101" | "2102", druginfo: Fields = {}, fields: Fields = {}) {
  return request(
    infno,
    {
      druginfo: {
        psn_no: PERSON,
        mdtrt_cert_type: "03",
        mdtrt_cert_no: "A02117358",
        medfee_sumamt: 99.8,
        ...druginfo,
      },
    },
    fields,
  );
}

/** A list in a list in a list …, as text: nothing that walks it by calling itself comes back. */
export function nestedText(levels: number): string {
  return `${"[".repeat(levels)}${"]".repeat(levels)}`;
}

/** A purchase with such a field in its input, as text. */
export function nestedPurchase(levels: number, fields: Fields = {}): string {
  return JSON.stringify(purchase("2101", { x: "NESTED" }, fields)).replace('"NESTED"', nestedText(levels));
}

/** As `recordOf`, nothing seen before. */
export function mapped(
  envelope: Record<string, unknown>,
  institution?: Institution,
  seen = new MessagesSeen(),
) {
  return recordOf(opened(envelope), { institution, seen });
}
