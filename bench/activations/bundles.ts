/** The five activations of a run: other thresholds, a draft in shadow, and once other regions, the dearest part to read. */

import { type BundleContent, bundleOfValue, type LoadedBundle, loadBundle } from "../../cli/bundle-files.js";

export interface PlannedActivation {
  readonly name: string;
  readonly bundle: LoadedBundle;
  readonly shadow: LoadedBundle | null;
}

/** Split purchases (R14) are found at these limits instead of the shipped ones. */
interface Splits {
  readonly limitFen: number;
  readonly countMin: number;
}

export function plannedActivations(): readonly PlannedActivation[] {
  const shipped = loadBundle();
  const { content } = shipped;
  const eager = bundleOfValue(withSplits(content, { limitFen: 5_000, countMin: 2 }), "eager");
  const strict = bundleOfValue(withSplits(content, { limitFen: 20_000, countMin: 4 }), "strict");
  const source = `${content.regions.source} (of a bench)`;
  const moved = bundleOfValue({ ...content, regions: { ...content.regions, source } }, "moved");
  return [
    { name: "another threshold", bundle: eager, shadow: null },
    { name: "the shipped one, a draft in shadow", bundle: shipped, shadow: eager },
    { name: "a third threshold", bundle: strict, shadow: null },
    { name: "other regions", bundle: moved, shadow: null },
    { name: "the shipped one, another draft in shadow", bundle: shipped, shadow: strict },
  ];
}

function withSplits(content: BundleContent, { limitFen, countMin }: Splits): BundleContent {
  const { ruleset } = content;
  const wide = { sharePercentMin: 1, sharePercentMax: 200, sumPercentMin: 100 };
  const rules = ruleset.rules.map((rule) =>
    rule.id === "R14" ? { ...rule, params: { ...rule.params, ...wide, limitFen, countMin } } : rule,
  );
  return { ...content, ruleset: { ...ruleset, rules } };
}
