/** Where the text of the rules leaves something open for a patrol, and what the patrol cannot see. */

import type { PatrolId } from "../schemas/patrols.js";

export const READINGS: Readonly<Record<PatrolId, readonly string[]>> = {
  R11: [
    "Counted are PINs of authorizes, settles and pin-checks, no read errors. The PIN of a settle that names an authorize of the same person within the 24 h before was counted there; one that names anything else counts.",
    "A terminal's number belongs to its institution. A swipe without terminal or card number is silent.",
  ],
  R18: [
    "Counted are settles that were not cancelled or reversed. Operators and terminals are looked at apart.",
    "Equal baskets: the same item codes at the same amounts in any order; an item without code makes a basket that equals none.",
    "“00–06 h counts double” (nightFromHour, nightToHour; 22 and 6 go over midnight): a person with a settle from 00:00 to 05:59:59.999 counts twice among the persons of a burst and of a day (also of the days that make the median); equal baskets are not doubled.",
    "The median is of the days with settles among the 28 before, at least historyDaysMin of them: a new terminal has no day of its own yet. “≥ 20” is the day's persons, so that three persons after days of one are nothing.",
    "Equal registration fees of a hospital's counter are equal baskets too. Who has many of them raises equalBasketsMin or personsMin.",
  ],
  R20X: [
    "Both settles stand: neither was cancelled or reversed, as far as is known when the patrol runs. A finding stays when one is cancelled later; the case says so.",
    "Settles more than windowDays apart are not looked for.",
  ],
  R22: [
    "Probed: a live hit of R08, R09; drained: of R15 (victimRules); each where that rule by itself asked for a challenge or a reject. A review is none: R15 gives it to everybody who spends half of a balance, and what is explained (a pharmacy used before in a home city, a passed challenge, an honest feedback, an emergency) is one too. So a ring whose victims were only reviewed is not found.",
    "“Later” is the card's first hit among the windowDays up to the day looked at; before it, it was there in an authorize, settle, pin-check or query.",
    "The expected share is that of the place among all cards seen in the same city in the 2 × windowDays up to that day; victims are those seen in that city.",
  ],
  R23: [
    "Unrelated: the person has no mutual-aid fact that is valid at the settle (the latest fact counts), and is not the agent. The fact does not name with whom, so whoever shares an account with anybody is not counted.",
    "Counted are settles that were not cancelled or reversed; loss reports by an agent are not. Time is counted in steps of 20 ms: persons up to 20 ms more than windowDays apart are within.",
  ],
  R24: [
    "A swipe of any kind. Cards are decoys from when they are on the list; swipes of before are not looked at again.",
  ],
  R25: [
    "Late: more than lateMinutes from occurredAt to arrival (receivedAt, else the journal's append). A repeated message counts by its first arrival.",
    "A day is judged when the latest arrival stored is lateMinutes behind its end, and again when more of it comes. At least swipesMin swipes and lateMin late ones: one late swipe of twenty is no habit.",
  ],
};

/** Beside those of all patrols (docs/patrols.md). */
export const LIMITS: Readonly<Record<PatrolId, readonly string[]>> = {
  R11: [
    "One who tries two cards an hour, or goes from terminal to terminal, is not found.",
    "An institution that sends no terminal numbers is never looked at.",
  ],
  R18: [
    "Cards that are swiped hours apart, or with baskets that differ by a fen, make no burst; a day is only far above its own where there is one.",
    "A campaign, a vaccination day or a nursing home makes honest bursts.",
  ],
  R20X: [
    "Only what is scanned is seen. A carton's code on each of its boxes, or a pack that is sold by the piece, gives honest findings.",
    "Of each item the trace codes that the message has; a code that was mistyped is another code.",
  ],
  R22: [
    "A ring of fewer than cardsMin cards, or at a place where most of a city goes, cannot stand out; in a small city chance alone can make places that do. Precision in the seeded city of 8,000 persons, 90 days, seed 3: 4 findings, all at the places of its 2 planted rings, both found (`kadun demo --seed 3 --persons 8000 --days 90 --json`, `patrols` and `rings`). One city is no interval.",
    "Where an institution names no operators only the institution can be found; a place whose cards all met one operator is found twice, as the institution and as the operator.",
  ],
  R23: [
    "A village doctor, a home for the elderly or a courier buys for many: an honest finding. An agent who gives another number each time is not one agent.",
  ],
  R24: ["It sees no more than the list has: who does not plant decoys finds nothing."],
  R25: [
    "A terminal whose clock is slow is not told from one that holds back: both are late. One that is fast is not seen here.",
    "A day of fewer than swipesMin swipes has no share.",
  ],
};
