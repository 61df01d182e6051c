/** A rule's parameters as a form shows them: from the rule's own schema, with units and words. */

import * as z from "zod";
import { unitOf } from "../../../schemas/console/parameter-units.js";
import type { ParameterValue, RuleParameter } from "../../../schemas/http/rules-console.js";
import { parameterWords } from "./parameter-words.js";

/** What z.toJSONSchema says of a field, as far as a form goes. */
const fieldShape = z.looseObject({
  type: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});
const formShape = z.looseObject({ properties: z.record(z.string(), fieldShape).default({}) });

export function ruleParameters(
  schema: z.ZodType,
  values: Readonly<Record<string, ParameterValue>>,
  shipped: Readonly<Record<string, ParameterValue>>,
): RuleParameter[] {
  const { properties } = formShape.parse(z.toJSONSchema(schema, { unrepresentable: "any" }));
  return Object.entries(properties).flatMap(([name, field]) => {
    const value = values[name];
    if (value === undefined) return [];
    return [
      {
        name,
        title: parameterWords(name),
        unit: unitOf(name),
        isWhole: field.type === "integer",
        min: limit(field.minimum),
        max: limit(field.maximum),
        value,
        shipped: shipped[name] ?? null,
      },
    ];
  });
}

/** Whole numbers without a limit have the language's. */
function limit(value: number | undefined): number | null {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;
}
