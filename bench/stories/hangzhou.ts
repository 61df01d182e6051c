/**
 * The Hangzhou card (rules.md 4 (a), after a lawyer's account of a case): lost at a market and not reported, its PIN guessed by
 * whoever found it, emptied at a county's chain pharmacies in another province; the holder sees it on the month's statement,
 * reports the loss by telephone and then at the counter, and the card is tried once more.
 *
 * Told twice: as it was, on its days of 2026 (`HANGZHOU`), and with its last purchase yesterday (`hangzhouUntil`), for a holder
 * who learns of it by SMS and reports the loss himself.
 *
 * Names, numbers and addresses are made up; the phone's network code is nobody's.
 */

import { formatInstant } from "../../schemas/instant.js";
import type { LivedStory, Story, StoryRecord } from "./story.js";

const PERSON = "330100-W1957";
const CARD = "A33010000001957";
const HOME = "330106";
const AWAY = "341800";

interface At {
  readonly kind: "pin-check" | "settle";
  readonly region: string;
  readonly institutionId: string;
  readonly chainId: string;
}

const HOME_PHARMACY = { region: HOME, institutionId: "P33010600088", chainId: "HZ" } as const;
const PHARMACIES = [
  { region: AWAY, institutionId: "P34180000001", chainId: "X" },
  { region: AWAY, institutionId: "P34180000002", chainId: "Y" },
  { region: AWAY, institutionId: "P34180000003", chainId: "Z" },
] as const;

/** How long the network takes to pass a record on. */
const NETWORK_MS = 2_000;
const DAY_MS = 86_400_000;

/** A record but for its number and the days by which the story is moved. */
interface Told {
  readonly type: string;
  readonly occurredAt: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function record(type: string, occurredAt: string, fields: Readonly<Record<string, unknown>>): Told {
  return { type, occurredAt, fields };
}

/** In order, so many days later than they were. */
function recordsOf(told: readonly Told[], { days = 0 } = {}): readonly StoryRecord[] {
  return told.map((each, i) => numbered(each, i + 1, days * DAY_MS));
}

/** As the national platform names messages: institution, time, four digits. Then a settlement can be taken back by 2601. */
function withMessageIds(records: readonly StoryRecord[]): readonly StoryRecord[] {
  return records.map((record, i) => {
    const time = String(record.occurredAt).slice(0, 19).replace(/\D/g, "");
    return { ...record, eventId: `${String(record.institutionId)}${time}${String(i + 1).padStart(4, "0")}` };
  });
}

function numbered({ type, occurredAt, fields }: Told, number: number, laterMs: number): StoryRecord {
  const occurredMs = Date.parse(occurredAt) + laterMs;
  return {
    type,
    eventId: `hangzhou-${String(number).padStart(2, "0")}`,
    occurredAt: formatInstant(occurredMs),
    receivedAt: formatInstant(occurredMs + NETWORK_MS),
    personId: PERSON,
    cardNumber: CARD,
    credential: "card",
    ...fields,
  };
}

function swipe(occurredAt: string, at: At, fields: Readonly<Record<string, unknown>>) {
  const { kind, region, institutionId, chainId } = at;
  const place = {
    insuredRegion: "330100",
    careRegion: region,
    institutionId,
    institutionKind: "pharmacy",
    chainId,
  };
  return record("swipe", occurredAt, {
    kind,
    ...place,
    terminalId: `${institutionId}-T1`,
    operatorId: `${institutionId}-O7`,
    ...fields,
  });
}

function bought(
  occurredAt: string,
  pharmacy: Omit<At, "kind">,
  amounts: { readonly fen: number; readonly balanceFen: number; readonly pin?: string },
) {
  const { fen, balanceFen, pin } = amounts;
  return swipe(
    occurredAt,
    { kind: "settle", ...pharmacy },
    {
      visitKind: "41",
      totalFen: fen,
      accountFen: fen,
      balanceBeforeFen: balanceFen,
      balanceAfterFen: balanceFen - fen,
      ...(pin === undefined ? {} : { pin }),
    },
  );
}

function wrongPin(occurredAt: string, pharmacy: Omit<At, "kind">) {
  return swipe(occurredAt, { kind: "pin-check", ...pharmacy }, { totalFen: 0, pin: "wrong" });
}

const [X, Y, Z] = PHARMACIES;

/** Until the card is empty. */
const EMPTIED: readonly Told[] = [
  bought("2026-02-03T09:12:00.000+08:00", HOME_PHARMACY, { fen: 8_600, balanceFen: 293_400, pin: "ok" }),
  bought("2026-02-19T10:40:00.000+08:00", HOME_PHARMACY, { fen: 4_800, balanceFen: 284_800, pin: "ok" }),
  wrongPin("2026-03-02T10:00:00.000+08:00", X),
  wrongPin("2026-03-02T10:05:00.000+08:00", Y),
  bought("2026-03-02T10:09:00.000+08:00", Y, { fen: 48_000, balanceFen: 280_000, pin: "ok" }),
  bought("2026-03-08T10:00:00.000+08:00", X, { fen: 56_000, balanceFen: 232_000 }),
  bought("2026-03-08T12:00:00.000+08:00", Y, { fen: 68_000, balanceFen: 176_000 }),
  bought("2026-03-08T14:00:00.000+08:00", Z, { fen: 39_000, balanceFen: 108_000 }),
  bought("2026-03-08T16:00:00.000+08:00", X, { fen: 42_000, balanceFen: 69_000 }),
];
const LAST_DAY = "2026-03-08";

const REPORTED: readonly Told[] = [
  record("card-status", "2026-03-31T20:15:00.000+08:00", {
    action: "report-loss",
    channel: "phone",
    region: "330100",
    receiptNo: "HZ-20260331-0117",
  }),
  record("card-status", "2026-04-01T09:20:00.000+08:00", {
    action: "confirm-loss",
    channel: "counter",
    region: "330100",
    receiptNo: "HZ-20260401-0008",
  }),
];

function triedOnceMore(occurredAt: string): Told {
  return bought(occurredAt, X, { fen: 24_000, balanceFen: 27_000 });
}

const PEOPLE_AND_PLACES = {
  personId: PERSON,
  contact: { phone: "15400001957", name: "王䶮珍", idNumberLast4: "195X" },
  institutions: [
    institution(HOME_PHARMACY, "杭州西溪便民大药房", "杭州市西湖区示例路 88 号"),
    institution(X, "宣城健民大药房连锁有限公司鳌峰中路示范店", "宣城市宣州区示例中路 1 号"),
    institution(Y, "宣城济仁堂药房", "宣城市宣州区示例东路 20 号"),
    institution(Z, "宣城百草堂药店", "宣城市宣州区示例西路 3 号"),
  ],
};

export const HANGZHOU: Story = {
  ...PEOPLE_AND_PLACES,
  name: "hangzhou",
  about:
    "A card lost at a market in Hangzhou and not reported; its PIN guessed; emptied at pharmacies in Xuancheng within a week; reported at the end of the month and tried once more",
  records: recordsOf([...EMPTIED, ...REPORTED, triedOnceMore("2026-04-02T11:31:00.000+08:00")]),
};

/** @param nowMs the card was emptied on the day before. */
export function hangzhouUntil(nowMs: number): LivedStory {
  const startOfToday = Date.parse(`${formatInstant(nowMs).slice(0, 10)}T00:00:00+08:00`);
  const days = (startOfToday - Date.parse(`${LAST_DAY}T00:00:00+08:00`)) / DAY_MS - 1;
  return {
    ...PEOPLE_AND_PLACES,
    name: "hangzhou",
    about:
      "A card lost at a market in Hangzhou and not reported; its PIN guessed; emptied at pharmacies in Xuancheng within a week; its holder learns of it by SMS",
    records: withMessageIds(recordsOf(EMPTIED, { days })),
    triedAgain: (atMs) => withMessageIds(recordsOf([triedOnceMore(formatInstant(atMs))]))[0]!,
  };
}

function institution({ region, institutionId, chainId }: Omit<At, "kind">, name: string, address: string) {
  return { institutionId, name, kind: "pharmacy", chainId, region, address } as const;
}
