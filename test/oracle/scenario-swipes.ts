// Swipes of a scenario: few institutions, chains and cities, so that windows collide.
import { type Draft, type DraftPerson, emit, iso, newEventId, pastTime } from "./scenario-draft.js";
import { HOUR, MINUTE } from "./time.js";
import type { Credential, RawItem, RawSwipe, SwipeKind } from "./types.js";

const AMOUNTS_FEN = [
  0, 1, 4_999, 5_000, 8_000, 9_999, 10_000, 19_999, 20_000, 20_001, 24_999, 25_000, 35_000, 50_000, 50_001,
  60_000,
];
const BALANCES_FEN = [49_999, 50_000, 80_000, 100_000, 280_000];
const KINDS: Record<SwipeKind, number> = {
  settle: 62,
  authorize: 12,
  "pin-check": 10,
  cancel: 8,
  reverse: 3,
  query: 5,
};
const CREDENTIALS: Record<Credential, number> = {
  card: 74,
  "e-credential": 10,
  "temporary-card": 8,
  "identity-document": 5,
  "interim-certificate": 3,
};
const PINS = {
  none: 45,
  ok: 22,
  wrong: 22,
  "not-required": 5,
  unknown: 3,
  locked: 3,
};
const HANGZHOU_SHOP: readonly [number, number] = [120.154, 30.287];
const HEFEI_SHOP: readonly [number, number] = [117.283, 31.861];

type Fields = Partial<RawSwipe>;

function numberOf(draft: Draft, person: DraftPerson, credential: Credential): Fields {
  const { random } = draft;
  if (credential === "card") {
    if (random.chance(0.06)) return {};
    const isOther = random.chance(0.2);
    const current = person.cards.at(-1) ?? person.cards[0];
    const cardNumber = isOther ? random.pick([...person.cards, `${person.personId}-X`]) : current;
    return cardNumber === undefined ? {} : { cardNumber };
  }
  if (credential === "temporary-card" && random.chance(0.85)) return { cardNumber: person.temporaryCard };
  return {};
}

function placeFields(draft: Draft, person: DraftPerson): Fields & Pick<RawSwipe, "careRegion"> {
  const { random } = draft;
  const careRegion = random.chance(0.6) ? person.insuredRegion : random.pick(person.regions);
  const isPlaced = random.chance(0.15);
  const [longitude, latitude] = random.pick([HANGZHOU_SHOP, HEFEI_SHOP]);
  return { careRegion, ...(isPlaced ? { longitude, latitude } : {}) };
}

function institutionFields(
  draft: Draft,
  careRegion: string,
): Pick<RawSwipe, "institutionId" | "institutionKind"> & Fields {
  const { random } = draft;
  const shop = random.integer(1, 5);
  if (shop === 5)
    return { institutionId: `H${careRegion}1`, institutionKind: "hospital", ...visitFields(draft) };
  const chain = random.weighted({ own: 3, CH1: 3, CH2: 2 });
  return {
    institutionId: `P${careRegion}${shop}`,
    institutionKind: "pharmacy",
    ...(chain === "own" ? {} : { chainId: chain }),
  };
}

function visitFields(draft: Draft): Fields {
  const visitKind = draft.random.weighted({ none: 4, "11": 2, "13": 2, "21": 4, "2104": 2 });
  return visitKind === "none" ? {} : { visitKind };
}

function moneyFields(draft: Draft): Pick<RawSwipe, "totalFen"> & Fields {
  const { random } = draft;
  const totalFen = random.pick(AMOUNTS_FEN);
  return {
    totalFen,
    ...(random.chance(0.5)
      ? { accountFen: random.pick([totalFen, totalFen, Math.floor(totalFen / 2), 0]) }
      : {}),
    ...(random.chance(0.3) ? { balanceBeforeFen: random.pick(BALANCES_FEN) } : {}),
    ...(random.chance(0.06) ? { sharedAccountFen: random.pick([0, totalFen]) } : {}),
  };
}

function pinFields(draft: Draft, kind: SwipeKind): Fields {
  const { random } = draft;
  const pin = random.weighted(kind === "pin-check" ? { ...PINS, none: 2 } : PINS);
  if (pin === "none") return {};
  return {
    pin,
    ...(random.chance(0.15) ? { pinIsDefault: random.chance(0.8) } : {}),
    ...(pin === "wrong" && random.chance(0.15) ? { readError: true } : {}),
  };
}

function flagFields(draft: Draft): Fields {
  const { random } = draft;
  return {
    ...(random.chance(0.06) ? { emergency: random.chance(0.8) } : {}),
    ...(random.chance(0.03) ? { agentPurchase: true } : {}),
    ...(random.chance(0.03) ? { externalPrescription: true } : {}),
  };
}

function itemFields(draft: Draft): Fields {
  const { random } = draft;
  if (!random.chance(0.15)) return {};
  const item: RawItem = {
    name: random.pick(["感冒灵", "片仔癀 3g", "安宫牛黄丸"]),
    count: 1,
    ...(random.chance(0.8) ? { amountFen: random.pick([5_000, 40_000, 99_999, 100_000]) } : {}),
    ...(random.chance(0.7) ? { traceCodes: [`8100000000000000000${random.integer(1, 4)}`] } : {}),
  };
  return { items: [item] };
}

function recentId(draft: Draft, person: DraftPerson, kinds: readonly SwipeKind[]): string | undefined {
  const recent = person.swipes.filter(({ kind }) => kinds.includes(kind)).slice(-5);
  return recent.length === 0 ? undefined : draft.random.pick(recent).eventId;
}

function originalFields(draft: Draft, person: DraftPerson, kind: SwipeKind): Fields {
  const { random } = draft;
  if (kind === "cancel" || kind === "reverse") {
    const kinds: SwipeKind[] = random.chance(0.75) ? ["settle"] : ["settle", "authorize", "cancel"];
    const known = random.chance(0.9) ? recentId(draft, person, kinds) : undefined;
    return { originalEventId: known ?? "never-seen" };
  }
  if (kind !== "settle" || !random.chance(0.15)) return {};
  const authorize = recentId(draft, person, ["authorize"]);
  return authorize === undefined ? {} : { originalEventId: authorize };
}

function challengeFields(draft: Draft, person: DraftPerson, kind: SwipeKind): Fields {
  const { random } = draft;
  if (!["settle", "authorize", "pin-check"].includes(kind) || !random.chance(0.14)) return {};
  const challenged = recentId(draft, person, ["settle", "authorize", "pin-check"]);
  if (challenged === undefined) return {};
  return { challengeOf: challenged, challengeResult: random.weighted({ passed: 7, failed: 3 }) };
}

/** Terminal time and arrival: mostly at once, sometimes late, sometimes a clock ahead by about 5 minutes. */
function timeFields(draft: Draft): Pick<RawSwipe, "occurredAt"> & Fields {
  const { random, now } = draft;
  const timing = random.weighted({ atOnce: 80, late: 14, hourLate: 3, ahead: 3 });
  if (timing === "atOnce") return { occurredAt: iso(now) };
  const jitter = random.pick([-1, 0, 1]);
  if (timing === "ahead") return { occurredAt: iso(now + 5 * MINUTE + jitter), receivedAt: iso(now) };
  const occurredAt = timing === "late" ? pastTime(draft) : now - HOUR + jitter;
  return { occurredAt: iso(occurredAt), receivedAt: iso(now) };
}

export function emitSwipe(draft: Draft, person: DraftPerson, forced: Fields = {}): void {
  const { random } = draft;
  const kind = forced.kind ?? random.weighted(KINDS);
  const credential = random.weighted(CREDENTIALS);
  const place = placeFields(draft, person);
  const swipe: RawSwipe = {
    type: "swipe",
    eventId: newEventId(draft, "s"),
    kind,
    personId: person.personId,
    credential,
    insuredRegion: person.insuredRegion,
    ...timeFields(draft),
    ...numberOf(draft, person, credential),
    ...place,
    ...institutionFields(draft, place.careRegion),
    ...moneyFields(draft),
    ...pinFields(draft, kind),
    ...flagFields(draft),
    ...itemFields(draft),
    ...originalFields(draft, person, kind),
    ...challengeFields(draft, person, kind),
    ...forced,
  };
  person.swipes.push(swipe);
  emit(draft, swipe);
}
