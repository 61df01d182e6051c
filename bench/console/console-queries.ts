/** What the console's pages ask, each with what is drawn at random for a time. */

import { NATION, type Scope } from "../../schemas/console/access.js";
import { cursorOf } from "../../services/console/figures/row-place.js";
import type { FiguresDesk, Range } from "../../services/console/server/figures-desk.js";
import { CITIES, FILLED, INSTITUTIONS } from "./fill-rows.js";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface Draw {
  readonly personKey: string;
  readonly eventId: string;
  readonly institutionId: string;
  readonly city: string;
  readonly at: number;
}

export interface ConsoleQuery {
  readonly name: string;
  /** Rows that it may read, however many there are: with the reason. */
  readonly rowsMax: number;
  readonly why: string;
  readonly ask: (desk: FiguresDesk, draw: Draw) => Promise<unknown>;
}

const month: Range = FILLED;
const day = ({ at }: Draw): Range => ({ from: at - DAY_MS, to: at });
const city = (draw: Draw): Scope => [draw.city];
const first = { after: null, limit: 50 };
/** Ten cities have thirty divisions of care and thirty of insurance (fill-rows.ts). */
const DIVISIONS = 30 * 30;
const GRANULE = 1024;
/** Of a table that has been merged a while. */
const PARTS = 10;
const LOOKED = 4 * (1_000 + 10_000) + 50_000 + 8 * PARTS * GRANULE;

export const CONSOLE_QUERIES: readonly ConsoleQuery[] = [
  {
    ...{
      name: "trend of a month by day",
      rowsMax: 30 * DIVISIONS * 2,
      why: "30 days of pairs of divisions and kinds",
    },
    ask: (desk) => desk.trend({ scope: NATION, range: month, bucket: "day" }),
  },
  {
    ...{
      name: "trend of a day by hour, one city",
      rowsMax: 26 * DIVISIONS * 2,
      why: "a day's hours of pairs of divisions",
    },
    ask: (desk, draw) => desk.trend({ scope: city(draw), range: day(draw), bucket: "hour" }),
  },
  {
    ...{ name: "cities of a month", rowsMax: 34 * DIVISIONS * 2, why: "30 days and the hours at their ends" },
    ask: (desk) => desk.cities({ scope: NATION, range: month, by: "care" }),
  },
  {
    ...{
      name: "rules of a month",
      rowsMax: 30 * 20 * DIVISIONS,
      why: "30 days of 20 rules in pairs of divisions",
    },
    ask: (desk) => desk.rules({ scope: NATION, range: month }),
  },
  {
    ...{ name: "rules by city of a day", rowsMax: 26 * 20 * DIVISIONS, why: "a day's hours of 20 rules" },
    ask: (desk, draw) => desk.rulesByCity({ scope: NATION, range: day(draw) }),
  },
  {
    ...{
      name: "institutions of a month",
      rowsMax: 31 * INSTITUTIONS * 2,
      why: "30 days of each institution, in parts that are not merged yet",
    },
    ask: (desk) => desk.institutions({ scope: NATION, range: month, by: "rejects", limit: 20 }),
  },
  {
    ...{
      name: "one institution's month",
      rowsMax: 6 * 31 * INSTITUTIONS,
      why: "at most each day's institutions, twice and their rules",
    },
    ask: (desk, draw) => desk.institution({ scope: NATION, range: month, institutionId: draw.institutionId }),
  },
  {
    ...{ name: "latest decisions", rowsMax: LOOKED, why: "one look of each answer" },
    ask: (desk) => desk.decisions({ scope: NATION, range: month, ...first }),
  },
  {
    ...{ name: "latest rejections of one city", rowsMax: LOOKED, why: "the looks of one answer" },
    ask: (desk, draw) =>
      desk.decisions({ scope: city(draw), range: month, ...first, filter: { actions: ["reject"] } }),
  },
  {
    ...{ name: "rows of a rule in one city", rowsMax: LOOKED, why: "all looks of each answer" },
    ask: (desk, draw) =>
      desk.decisions({
        scope: city(draw),
        range: month,
        ...first,
        filter: { rule: "R07", actions: ["review", "challenge", "reject"] },
      }),
  },
  {
    ...{ name: "a page far back", rowsMax: LOOKED, why: "one look, from the cursor on" },
    ask: (desk, { at }) =>
      desk.decisions({
        ...{ scope: NATION, range: month, limit: 50 },
        after: cursorOf({ at, partition: 0, journalOffset: 0, sequence: 0 }),
      }),
  },
  {
    ...{
      name: "an institution's swipes",
      rowsMax: 61_000 + 10 * GRANULE,
      why: "looks and a granule of each part",
    },
    ask: (desk, { institutionId }) =>
      desk.decisions({ scope: NATION, range: month, ...first, filter: { institutionId } }),
  },
  {
    ...{ name: "an event", rowsMax: 4 * PARTS * GRANULE, why: "short granules of three tables" },
    ask: (desk, { eventId }) => desk.findEvent({ scope: NATION, eventId }),
  },
  {
    ...{
      name: "a person's timeline",
      rowsMax: 2 * PARTS * GRANULE + 50 * PARTS * 256,
      why: "granules of the journal, short ones of each approval",
    },
    ask: (desk, { personKey }) => desk.personTimeline({ scope: NATION, personKey, ...first }),
  },
  {
    ...{
      name: "a person's neighbours",
      rowsMax: 2 * PARTS * GRANULE + 8 * PARTS * 256,
      why: "granules of the journal, short ones of eight terminals",
    },
    ask: (desk, { personKey }) => desk.neighbours({ scope: NATION, personKey, range: month }),
  },
  {
    ...{ name: "newest swipe", rowsMax: 31 * DIVISIONS * 2, why: "all days" },
    ask: (desk) => desk.newestAt(),
  },
];

export { CITIES };
