/** What may stand at a place of a bundle's file, both ends of its range named: an issue of a check names only the end it hit. */

import type * as z from "zod";

/** `a whole number from 1 to 8`; null where the place is no number and no text, or has no such schema. */
export function allowedAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string | null {
  const found = path.reduce<readonly z.core.$ZodType[]>(
    (places, key) => places.flatMap((place) => below(place, key)),
    [schema],
  );
  const texts = found.flatMap((each) => plain(each)).flatMap((each) => textOf(each) ?? []);
  return texts.length === 0 ? null : [...new Set(texts)].join(", or ");
}

/** The schemas that a value here has to suit, without what wraps them. */
function plain(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  const { def } = known(schema)._zod;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
    case "readonly":
    case "catch":
      return plain(def.innerType);
    case "pipe":
      return plain(def.in);
    case "union":
      return def.options.flatMap(plain);
    case "intersection":
      return [...plain(def.left), ...plain(def.right)];
    default:
      return [schema];
  }
}

function below(schema: z.core.$ZodType, key: PropertyKey): readonly z.core.$ZodType[] {
  return plain(schema).flatMap((each) => {
    const { def } = known(each)._zod;
    switch (def.type) {
      case "object":
        return Object.hasOwn(def.shape, key) ? [def.shape[String(key)]!] : [];
      case "array":
        return [def.element];
      case "tuple":
        return def.items[Number(key)] ?? [];
      case "record":
        return [def.valueType];
      default:
        return [];
    }
  });
}

function textOf(schema: z.core.$ZodType): string | null {
  const { def } = known(schema)._zod;
  if (def.type !== "number" && def.type !== "string") return null;
  const checks = (def.checks ?? []).map((check) => knownCheck(check)._zod.def);
  if (def.type === "number") return numberText(checks);
  const min = checks.flatMap((each) => (each.check === "min_length" ? [each.minimum] : [])).at(-1);
  const max = checks.flatMap((each) => (each.check === "max_length" ? [each.maximum] : [])).at(-1);
  // A pattern says for itself what it expects.
  return min === undefined || max === undefined ? null : `a text of ${min} to ${max} characters`;
}

function numberText(checks: readonly CheckDef[]): string {
  const isWhole = checks.some(({ check }) => check === "number_format");
  const above = checks.flatMap((each) => (each.check === "greater_than" ? [each] : [])).at(-1);
  const below = checks.flatMap((each) => (each.check === "less_than" ? [each] : [])).at(-1);
  const from = above === undefined ? "" : ` ${above.inclusive ? "from" : "above"} ${above.value}`;
  const to = below === undefined ? "" : ` ${below.inclusive ? "to" : "below"} ${below.value}`;
  return `a ${isWhole ? "whole " : ""}number${from}${to}`;
}

type CheckDef = z.core.$ZodChecks["_zod"]["def"];

function knownCheck(check: z.core.$ZodCheck<never>): z.core.$ZodChecks {
  return check as unknown as z.core.$ZodChecks;
}

/** Every schema that the library makes is one of these. */
function known(schema: z.core.$ZodType): z.core.$ZodTypes {
  return schema as z.core.$ZodTypes;
}
