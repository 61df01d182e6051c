/** What every chart looks like. Texts are drawn, not put in as HTML: names from outside stay texts. */

export const INK = "#1f2733";
export const FAINT = "#4d5866";
export const LINE = "#e3e7ec";
export const BLUE = "#1d4f91";
export const BAR_WIDTH_MAX = 22;

export const GRID = { left: 8, right: 16, top: 36, bottom: 8, containLabel: true } as const;
/** No HTML: the content security policy allows no styles in it, and names are people's. */
export const TOOLTIP = { renderMode: "richText", confine: true, borderColor: LINE } as const;
export const LEGEND = {
  top: 0,
  right: 0,
  itemWidth: 12,
  itemHeight: 8,
  textStyle: { color: FAINT },
} as const;
export const VALUE_AXIS = {
  type: "value",
  minInterval: 1,
  axisLabel: { color: FAINT },
  splitLine: { lineStyle: { color: LINE } },
} as const;

export function categoryAxis(names: readonly string[]) {
  return {
    type: "category",
    data: [...names],
    axisLabel: { color: FAINT, hideOverlap: true },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE } },
  } as const;
}

/** Longer names are cut on the axis; the tooltip has the whole. */
const LABEL_LENGTH_MAX = 14;
export function axisName(name: string): string {
  const signs = [...name];
  return signs.length <= LABEL_LENGTH_MAX ? name : `${signs.slice(0, LABEL_LENGTH_MAX - 1).join("")}…`;
}
