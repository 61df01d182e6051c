/** What may be done about a case: the table, and what is decided by it. */

import { describe, expect, it } from "@jest/globals";
import type { CaseCommand } from "../../../schemas/case-command.js";
import {
  CASE_STATES,
  type CaseState,
  caseStatesAfter,
  caseTransition,
} from "../../../schemas/case-transitions.js";
import {
  type CaseStanding,
  decideCase,
  NOTES_MAX,
  type OpenProposal,
  PROPOSAL_EXPIRES_AFTER_MS,
} from "../../../services/alerts/cases/case-change.js";
import { START_MS } from "../../support/records.js";

const NOW = START_MS;

function standing(fields: Partial<CaseStanding> = {}): CaseStanding {
  return {
    state: "investigating",
    assignee: "lin",
    alerts: 3,
    moneyAtRiskFen: 48_000,
    rules: ["R01", "R09"],
    proposal: null,
    notes: 0,
    standingNotes: [],
    isLatest: true,
    openAppealId: null,
    openCallId: null,
    ...fields,
  };
}

function proposal(fields: Partial<OpenProposal> = {}): OpenProposal {
  return {
    proposalId: 1,
    to: "confirmed",
    rules: null,
    alertsSeen: 3,
    proposedBy: "lin",
    expiresAtMs: NOW + 1,
    ...fields,
  };
}

const move = (to: CaseState, fields: Partial<Extract<CaseCommand, { kind: "move" }>> = {}) =>
  ({ kind: "move", to, reason: "checked by telephone", rules: null, ...fields }) as const;
const approve = { kind: "approve", proposalId: 1, reason: null } as const;
const decide = (command: CaseCommand, at: CaseStanding, actor = "lin", nowMs = NOW) =>
  decideCase(command, at, { actor, nowMs });

describe("the table", () => {
  it("reaches every state, and lets a case go on from each", () => {
    const reached = new Set(CASE_STATES.flatMap((state) => caseStatesAfter(state)));
    expect(CASE_STATES.filter((state) => !reached.has(state))).toEqual(["new"]);
    expect(CASE_STATES.filter((state) => caseStatesAfter(state).length === 0)).toEqual([]);
  });

  it("asks two people for whatever is established of a person, and for taking it back", () => {
    for (const from of CASE_STATES)
      for (const to of CASE_STATES) {
        const transition = caseTransition(from, to);
        if (transition === null) continue;
        const isEstablished = ["confirmed", "cleared"].includes(to);
        const isTakenBack = ["confirmed", "cleared"].includes(from) && to !== "closed";
        expect([from, to, transition.secondPerson === "always"]).toEqual([
          from,
          to,
          isEstablished || isTakenBack,
        ]);
      }
  });
});

describe("a move", () => {
  it("that needs nobody else happens at once", () => {
    expect(decide(move("triage"), standing())).toMatchObject({
      kind: "moved",
      from: "investigating",
      to: "triage",
    });
  });

  it.each([
    { to: "confirmed", money: 0 },
    { to: "cleared", money: 0 },
    { to: "closed", money: 1 },
  ] as const)("to $to with $money fen at risk is proposed, for a week", ({ to, money }) => {
    expect(decide(move(to), standing({ moneyAtRiskFen: money }))).toMatchObject({
      kind: "proposed",
      to,
      alertsSeen: 3,
      expiresAtMs: NOW + PROPOSAL_EXPIRES_AFTER_MS,
    });
  });

  it("that closes a case without money at risk happens at once", () => {
    expect(decide(move("closed"), standing({ moneyAtRiskFen: 0 }))).toMatchObject({ kind: "moved" });
  });

  it.each<{ refused: string; command: CaseCommand; at: CaseStanding; actor?: string }>([
    { refused: "TRANSITION_UNKNOWN", command: move("confirmed"), at: standing({ state: "triage" }) },
    { refused: "TRANSITION_UNKNOWN", command: move("new"), at: standing() },
    { refused: "NOT_ASSIGNED", command: move("triage"), at: standing(), actor: "wang" },
    { refused: "NOT_ASSIGNED", command: move("triage"), at: standing({ state: "new", assignee: null }) },
    { refused: "REASON_MISSING", command: move("cleared", { reason: null }), at: standing() },
    { refused: "PROPOSAL_OPEN", command: move("triage"), at: standing({ proposal: proposal() }) },
    { refused: "APPEAL_OPEN", command: move("closed"), at: standing({ openAppealId: "a-1" }) },
    {
      refused: "LATER_CASE",
      command: move("triage"),
      at: standing({ state: "closed", isLatest: false }),
    },
    { refused: "RULES_UNKNOWN", command: move("confirmed", { rules: ["R02"] }), at: standing() },
    {
      refused: "CASE_CLOSED",
      command: { kind: "assign", assignee: "lin", reason: null },
      at: standing({ state: "closed" }),
    },
    {
      refused: "ASSIGNED_TO_OTHER",
      command: { kind: "assign", assignee: "wang", reason: null },
      at: standing(),
      actor: "wang",
    },
    { refused: "CASE_FULL", command: { kind: "note", text: "x" }, at: standing({ notes: NOTES_MAX }) },
    {
      refused: "NOTE_UNKNOWN",
      command: { kind: "strike-note", noteId: 2, reason: "wrong case" },
      at: standing({ notes: 2, standingNotes: [1] }),
    },
    {
      refused: "NO_CALL_OPEN",
      command: { kind: "phoned", outcome: "reached", note: null },
      at: standing(),
    },
  ])("is refused with $refused", ({ refused, command, at, actor }) => {
    expect(decide(command, at, actor)).toMatchObject({ refused });
  });
});

describe("a phone call", () => {
  it("is made by whoever works on cases, wherever the case stands, and ends the task either way", () => {
    const at = standing({ state: "closed", assignee: "wang", openCallId: "call-1" });
    for (const outcome of ["reached", "not-reached"] as const)
      expect(decide({ kind: "phoned", outcome, note: "was at home" }, at)).toEqual({
        kind: "phoned",
        callId: "call-1",
        outcome,
        reason: "was at home",
      });
  });
});

describe("a proposal", () => {
  it("is approved by another person, also one who does not have the case", () => {
    expect(decide(approve, standing({ proposal: proposal() }), "wang")).toMatchObject({
      kind: "approved",
      proposedBy: "lin",
      from: "investigating",
      to: "confirmed",
    });
  });

  it.each([
    { refused: "SAME_PERSON", at: standing({ proposal: proposal() }), actor: "lin" },
    {
      refused: "PROPOSAL_EXPIRED",
      at: standing({ proposal: proposal({ expiresAtMs: NOW }) }),
      actor: "wang",
    },
    { refused: "PROPOSAL_UNKNOWN", at: standing({ proposal: proposal({ proposalId: 2 }) }), actor: "wang" },
    { refused: "PROPOSAL_UNKNOWN", at: standing(), actor: "wang" },
    { refused: "CASE_GREW", at: standing({ alerts: 4, proposal: proposal() }), actor: "wang" },
    {
      refused: "APPEAL_OPEN",
      at: standing({ openAppealId: "a-1", proposal: proposal({ to: "closed" }) }),
      actor: "wang",
    },
  ])("is not approved: $refused", ({ refused, at, actor }) => {
    expect(decide(approve, at, actor)).toMatchObject({ refused });
  });

  it("is taken back by who made it, and makes room when it has expired", () => {
    const rejecting = { kind: "reject", proposalId: 1, reason: "too early" } as const;
    expect(decide(rejecting, standing({ proposal: proposal() }))).toMatchObject({ kind: "rejected" });
    const expired = standing({ proposal: proposal({ expiresAtMs: NOW - 1 }) });
    expect(decide(move("cleared"), expired)).toMatchObject({ kind: "proposed", to: "cleared" });
  });
});
