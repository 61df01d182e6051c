/** How a card stands at a moment, from a table: transitions and swipes in, words for the holder out. */

import { describe, expect, test } from "@jest/globals";
import { CARD_STANDINGS } from "../../../schemas/card-report.js";
import { STANDING_WORDS } from "../../../schemas/card-standing-words.js";
import type { Credential } from "../../../schemas/fields.js";
import { parseInstantMs } from "../../../schemas/instant.js";
import {
  type CardSeen,
  cardStandings,
  type PlacedReport,
} from "../../../services/alerts/card-reports/card-standing.js";

/** `day` of March 2026 and hour, Shanghai. */
const on = (day: number, hour = 0) =>
  `2026-03-${String(day).padStart(2, "0")}T${String(hour).padStart(2, "0")}:00:00.000+08:00`;

function report(
  action: PlacedReport["action"],
  reportedAt: string,
  fields: Partial<PlacedReport> = {},
): PlacedReport {
  return {
    place: 0,
    eventId: `${action}-${reportedAt}`,
    credential: "card",
    cardTail: "1234",
    action,
    from: "active",
    to: "active",
    applied: true,
    code: null,
    policyId: null,
    reportedAt,
    effectiveAt: reportedAt,
    expiresAtMin: null,
    expiresAtMax: null,
    calendarUncertain: false,
    ...fields,
  };
}

/** By phone, 7 to 10 days. */
const loss = (reportedAt: string, fields: Partial<PlacedReport> = {}) =>
  report("report-loss", reportedAt, {
    to: "provisional",
    expiresAtMin: on(8),
    expiresAtMax: on(11),
    ...fields,
  });

function used(
  cardTail: string | null,
  days: readonly [number, number],
  fields: Partial<CardSeen> = {},
): CardSeen {
  const [firstAtMs, lastAtMs] = [parseInstantMs(on(days[0], 12)), parseInstantMs(on(days[1], 12))];
  const times = { firstAtMs, lastAtMs, firstUsedAtMs: firstAtMs, lastUsedAtMs: lastAtMs };
  return { credential: "card", cardTail, ...times, ...fields };
}

const neverUsed = { firstUsedAtMs: null, lastUsedAtMs: null };

interface Row {
  readonly title: string;
  readonly reports: readonly PlacedReport[];
  readonly seen?: readonly CardSeen[];
  readonly at: string;
  /** `credential tail: standing since` */
  readonly cards: readonly string[];
}

const TABLE: readonly Row[] = [
  { title: "nothing known", reports: [], at: on(5), cards: [] },
  {
    title: "used, never reported",
    reports: [],
    seen: [used("1234", [1, 2])],
    at: on(5),
    cards: ["card 1234: in-use"],
  },
  {
    title: "reported, in effect",
    reports: [loss(on(1, 10))],
    at: on(1, 10),
    cards: ["card 1234: lost 03-01T10"],
  },
  {
    title: "reported, in effect tomorrow",
    reports: [loss(on(1, 10), { to: "loss-pending", effectiveAt: on(2, 10) })],
    at: on(2, 9),
    cards: ["card 1234: loss-pending 03-01T10"],
  },
  {
    title: "that report a day later",
    reports: [loss(on(1, 10), { to: "loss-pending", effectiveAt: on(2, 10) })],
    at: on(2, 10),
    cards: ["card 1234: lost 03-02T10"],
  },
  { title: "before its report", reports: [loss(on(1, 10))], at: on(1, 9), cards: ["card 1234: in-use"] },
  {
    title: "from the earliest end on nobody is told that it holds",
    reports: [loss(on(1, 10))],
    at: on(8),
    cards: ["card 1234: may-have-lapsed 03-08T00"],
  },
  {
    title: "from the latest end on it has lapsed, however often the card is used since",
    reports: [loss(on(1, 10))],
    seen: [used("1234", [1, 28])],
    at: on(29),
    cards: ["card 1234: lapsed 03-11T00"],
  },
  {
    title: "a second report holds anew",
    reports: [loss(on(1, 10)), loss(on(12, 9), { expiresAtMin: on(19), expiresAtMax: on(22) })],
    at: on(13),
    cards: ["card 1234: lost 03-12T09"],
  },
  {
    title: "released",
    reports: [loss(on(1, 10)), report("release", on(3, 9))],
    at: on(3, 9),
    cards: ["card 1234: in-use"],
  },
  {
    title: "released after the lapse",
    reports: [loss(on(1, 10)), report("release", on(20))],
    at: on(20),
    cards: ["card 1234: in-use"],
  },
  {
    title: "a release that was refused releases nothing",
    reports: [
      report("confirm-loss", on(1), { to: "formal" }),
      report("release", on(3), { applied: false, code: "RELEASE_OF_FORMAL" }),
    ],
    at: on(4),
    cards: ["card 1234: lost 03-01T00"],
  },
  {
    title: "a report that came late lies before the release that came first",
    reports: [report("release", on(3), { place: 0 }), loss(on(1), { place: 1, code: "OUT_OF_ORDER" })],
    at: on(4),
    cards: ["card 1234: in-use"],
  },
  {
    title: "made formal, it lapses no more",
    reports: [loss(on(1, 10)), report("confirm-loss", on(5), { to: "formal" })],
    at: on(29),
    cards: ["card 1234: lost 03-05T00"],
  },
  {
    title: "formal only after the provisional one ran out: between them it is reported and has no effect",
    reports: [loss(on(1, 10)), report("confirm-loss", on(5), { effectiveAt: on(13) })],
    at: on(12),
    cards: ["card 1234: loss-pending 03-05T00"],
  },
  {
    title: "a replacement was filed",
    reports: [loss(on(1, 10)), report("file-replacement", on(5), { to: "replacing" })],
    at: on(29),
    cards: ["card 1234: replacing 03-05T00"],
  },
  {
    title: "replaced: the old card is void, the one that is used since is the new one",
    reports: [loss(on(1, 10)), report("replace", on(6), { to: "replaced" })],
    seen: [used("1234", [1, 1]), used("9876", [7, 9])],
    at: on(10),
    cards: ["card 9876: in-use", "card 1234: replaced 03-06T00"],
  },
  {
    title: "replaced: another number known before is void with it",
    reports: [report("replace", on(6), { to: "replaced" })],
    seen: [used("1234", [1, 1]), used("5555", [2, 2])],
    at: on(10),
    cards: ["card 5555: replaced 03-06T00", "card 1234: replaced 03-06T00"],
  },
  {
    title: "replaced: a number that was only rejected since is no new card",
    reports: [report("replace", on(6), { to: "replaced" })],
    seen: [used("7777", [8, 8], neverUsed)],
    at: on(10),
    cards: ["card 7777: replaced 03-06T00", "card 1234: replaced 03-06T00"],
  },
  {
    title: "replaced under the same last four: it is used, so it is the new one",
    reports: [loss(on(1, 10)), report("replace", on(6), { to: "replaced" })],
    seen: [used("1234", [1, 9])],
    at: on(10),
    cards: ["card 1234: in-use"],
  },
  {
    title: "a replacement that takes effect later",
    reports: [loss(on(1, 10)), report("replace", on(5), { effectiveAt: on(7), to: "replaced" })],
    at: on(6),
    cards: ["card 1234: lost 03-01T10"],
  },
  {
    title: "the new card lost too",
    reports: [
      report("replace", on(6), { to: "replaced" }),
      loss(on(9), { cardTail: "9876", expiresAtMin: null, expiresAtMax: null }),
    ],
    seen: [used("9876", [7, 8])],
    at: on(10),
    cards: ["card 9876: lost 03-09T00", "card 1234: replaced 03-06T00"],
  },
  {
    title: "a report without a number covers every card of its credential and no other",
    reports: [loss(on(1, 10), { cardTail: null })],
    seen: [used("1234", [1, 1]), used("5555", [2, 2]), used(null, [2, 2], { credential: "e-credential" })],
    at: on(3),
    cards: ["card 5555: lost 03-01T10", "card 1234: lost 03-01T10", "e-credential null: in-use"],
  },
  {
    title: "an e-credential that was replaced is not void: it has no number",
    reports: [
      loss(on(1), { credential: "e-credential", cardTail: null }),
      report("replace", on(3), { credential: "e-credential", cardTail: null, to: "replaced" }),
    ],
    at: on(4),
    cards: ["e-credential null: in-use"],
  },
  {
    title: "issued, until the day that was given for it",
    reports: [report("issue", on(1), { to: "inactive", effectiveAt: on(16) })],
    at: on(15, 23),
    cards: ["card 1234: inactive 03-01T00"],
  },
  {
    title: "issued, that day",
    reports: [report("issue", on(1), { to: "inactive", effectiveAt: on(16) })],
    at: on(16),
    cards: ["card 1234: in-use"],
  },
  {
    title: "issued without a day, until it is activated",
    reports: [report("issue", on(1), { to: "inactive" })],
    at: on(29),
    cards: ["card 1234: inactive 03-01T00"],
  },
  {
    title: "activated",
    reports: [report("issue", on(1), { to: "inactive" }), report("activate", on(3))],
    at: on(3),
    cards: ["card 1234: in-use"],
  },
  {
    title: "frozen is the person, so every card",
    reports: [report("freeze", on(1), { to: "frozen", cardTail: null })],
    seen: [used("1234", [1, 1]), used(null, [1, 1], { credential: "e-credential" })],
    at: on(2),
    cards: ["card 1234: frozen 03-01T00", "e-credential null: frozen 03-01T00"],
  },
  {
    title: "suspended and resumed, locked and unlocked",
    reports: [report("suspend", on(1)), report("pin-lock", on(1)), report("resume", on(2))],
    at: on(3),
    cards: ["card 1234: pin-locked 03-01T00"],
  },
  {
    title: "cancelled is graver than lost",
    reports: [loss(on(1)), report("cancel", on(2))],
    at: on(3),
    cards: ["card 1234: cancelled 03-02T00"],
  },
];

describe("a card stands as", () => {
  test.each(TABLE)("$title", ({ reports, seen = [], at, cards }) => {
    const placed = reports.map((one, place) => ({ ...one, place: one.place || place }));
    const shown = cardStandings(placed, seen, parseInstantMs(at)).map(
      ({ credential, cardTail, standing, since }) =>
        `${credential} ${cardTail}: ${standing} ${since?.slice(5, 13) ?? ""}`.trim(),
    );
    expect(shown).toEqual(cards);
  });

  test("never as in use at any hour behind a report that nothing but time ended", () => {
    const reports = [loss(on(1, 10))];
    const seen = [used("1234", [1, 31])];
    for (let hour = 0; hour < 24 * 500; hour += 7) {
      const atMs = parseInstantMs(on(1, 10)) + hour * 3_600_000;
      expect(cardStandings(reports, seen, atMs)[0]?.standing).not.toBe("in-use");
    }
  });

  test("has words for each standing, without a link or a word of guilt", () => {
    expect(Object.keys(STANDING_WORDS).sort()).toEqual([...CARD_STANDINGS].sort());
    for (const { state, next } of Object.values(STANDING_WORDS))
      expect(state + next).not.toMatch(/http|盗|骗|嫌疑|犯/);
  });
});

const E_CREDENTIAL: Credential = "e-credential";
test("credentials come in their fixed order, the card that was used last first", () => {
  const seen = [used(null, [9, 9], { credential: E_CREDENTIAL }), used("0001", [1, 2]), used("0002", [1, 3])];
  expect(cardStandings([], seen, parseInstantMs(on(10))).map(({ cardTail }) => cardTail)).toEqual([
    "0002",
    "0001",
    null,
  ]);
});
