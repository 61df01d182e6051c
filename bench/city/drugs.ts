/** Baskets of the city's pharmacies: everyday drugs, and trace codes that are never issued twice. */
import type { Item } from "./intents.js";
import type { Random } from "./random.js";

const DRUGS = [
  ["ZA01BAG0135", "感冒灵颗粒"],
  ["ZA06CAL0204", "连花清瘟胶囊"],
  ["XC08CAA088A", "苯磺酸氨氯地平片"],
  ["XA10BAE046A", "盐酸二甲双胍片"],
  ["XC10AAA102A", "阿托伐他汀钙片"],
  ["XJ01CAA040B", "阿莫西林胶囊"],
  ["XA02BCA012A", "奥美拉唑肠溶胶囊"],
  ["XA11GAW030A", "维生素C片"],
  ["XM01AEB171A", "布洛芬缓释胶囊"],
  ["ZA12HAF0326", "复方丹参滴丸"],
  ["XN02BEY074A", "对乙酰氨基酚片"],
  ["XR06AXL229A", "氯雷他定片"],
] as const;

const LINES_OF_BASKET = [1, 3] as const;

export class TraceCodes {
  private issued = 0;

  /** Twenty digits, as printed on a box. */
  next(): string {
    this.issued += 1;
    return `81${String(this.issued * 7_919).padStart(18, "0")}`;
  }
}

/** A basket whose lines sum to the total; each box carries its trace code. */
export function basketOf(random: Random, totalFen: number, traceCodes: TraceCodes): Item[] {
  const lines = Math.min(random.whole(...LINES_OF_BASKET), totalFen);
  const items: Item[] = [];
  let leftFen = totalFen;
  for (let line = 1; line <= lines; line += 1) {
    const amountFen = line === lines ? leftFen : Math.max(1, Math.floor(leftFen * random.between(0.2, 0.7)));
    leftFen -= amountFen;
    const [code, name] = random.pick(DRUGS);
    const count = random.whole(1, 2);
    items.push({ code, name, count, amountFen, traceCodes: codesOf(count, traceCodes) });
  }
  return items;
}

function codesOf(count: number, traceCodes: TraceCodes): string[] {
  return Array.from({ length: count }, () => traceCodes.next());
}
