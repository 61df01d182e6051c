/** Baskets of the city's pharmacies: everyday drugs, and trace codes that are never issued twice. */
import type { Item, ItemLine } from "./intents.js";
import { HONEST_MIX } from "./mix.js";
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

/** What resellers ask for (domain: Beijing 2024); honest families keep one box too. Fen of a box. */
const DEAR_DRUGS = [
  ["ZA09AAP0270", "片仔癀", 76_000],
  ["ZA09AAA0001", "安宫牛黄丸", 56_000],
] as const;

/** Less money buys no box of them; so much is paid in about one of twenty baskets. */
const DEAR_FEN_MIN = 30_000;
const DEAR_ENOUGH_SHARE = 0.05;
const LINES_OF_BASKET = [1, 3] as const;

export class TraceCodes {
  private issued = 0;

  /** Twenty digits, as printed on a box. */
  next(): string {
    this.issued += 1;
    return `81${String(this.issued * 7_919).padStart(18, "0")}`;
  }
}

/** As many boxes of one dear drug as the money buys, at least one. */
export function dearBasket(random: Random, totalFen: number): ItemLine[] {
  const [code, name, boxFen] = random.pick(DEAR_DRUGS);
  return [{ code, name, count: Math.max(1, Math.floor(totalFen / boxFen)), amountFen: totalFen }];
}

/** A few lines of everyday drugs that sum to the total. */
export function everydayBasket(random: Random, totalFen: number): ItemLine[] {
  const lines = Math.min(random.whole(...LINES_OF_BASKET), totalFen);
  const items: ItemLine[] = [];
  let leftFen = totalFen;
  for (let line = 1; line <= lines; line += 1) {
    const amountFen = line === lines ? leftFen : Math.max(1, Math.floor(leftFen * random.between(0.2, 0.7)));
    leftFen -= amountFen;
    const [code, name] = random.pick(DRUGS);
    items.push({ code, name, count: random.whole(1, 2), amountFen });
  }
  return items;
}

/** Takes the boxes off the shelf: each with a trace code of its own. */
export function boxesOf(lines: readonly ItemLine[], traceCodes: TraceCodes): Item[] {
  return lines.map((line) => ({ ...line, traceCodes: codesOf(line.count, traceCodes) }));
}

/** What an honest person takes home; once in a thousand times it is one box of a dear drug. */
export function basketOf(random: Random, totalFen: number, traceCodes: TraceCodes): Item[] {
  const isDear = totalFen >= DEAR_FEN_MIN && random.chance(HONEST_MIX.dearDrugOfBaskets / DEAR_ENOUGH_SHARE);
  return boxesOf(isDear ? dearBasket(random, totalFen) : everydayBasket(random, totalFen), traceCodes);
}

function codesOf(count: number, traceCodes: TraceCodes): string[] {
  return Array.from({ length: count }, () => traceCodes.next());
}
