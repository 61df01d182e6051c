import { describe, expect, it } from "@jest/globals";
import { APPEAL_STATES } from "../../../schemas/appeal.js";
import { type AppealEvent, appealOf } from "../../../services/alerts/appeals/appeal.js";
import { APPEAL_REFUSALS } from "../../../services/alerts/appeals/appeal-refusals.js";
import {
  type AppealCommand,
  COMMAND_STATES,
  decideAppeal,
} from "../../../services/alerts/appeals/decide-appeal.js";
import {
  courseTo,
  document,
  FACTS,
  FIRST,
  FOURTH,
  placed,
  SECOND,
  SWIPE_AT,
  THIRD,
  whenAfter,
} from "./appeal-events.js";

const BOTH = { "swipe-a": "upheld", "swipe-b": "rejected" } as const;
const REASONS = "查明如下";

/** Of another file than `document` says unless it is told. */
const OTHER = "cd".repeat(32);

describe("what the holder does", () => {
  const draft = courseTo("document-added");

  it("submits a whole appeal, which names its earliest swipe", () => {
    expect(whenAfter(draft, { type: "submit", requestId: "r" })).toEqual([
      { type: "submitted", requestId: "r", earliestSwipeAt: SWIPE_AT },
    ]);
  });

  it("submits once, however often the form comes", () => {
    expect(whenAfter(courseTo("submitted"), { type: "submit", requestId: "r-submit" })).toEqual([]);
    expect(whenAfter(courseTo("submitted"), { type: "submit", requestId: "another" })).toBe(
      "NOT_IN_THIS_STATE",
    );
  });

  const saved = { swipes: ["swipe-a"], hasAgent: false, hasStatement: true, bankAccountTail: null };
  it.each<[string, readonly AppealEvent[], string]>([
    ["no swipe", [...draft, { type: "draft-saved", ...saved, swipes: [] }], "NO_SWIPES"],
    ["no statement", [...draft, { type: "draft-saved", ...saved, hasStatement: false }], "NO_STATEMENT"],
    ["no police receipt", [...draft, { type: "document-removed", documentId: "d-1" }], "NO_POLICE_RECEIPT"],
    [
      "an agent without authorisation",
      [...draft, { type: "draft-saved", ...saved, hasAgent: true }],
      "NO_AUTHORISATION",
    ],
    [
      "a swipe taken back meanwhile",
      [...draft, { type: "draft-saved", ...saved, swipes: ["gone"] }],
      "SWIPE_UNKNOWN",
    ],
  ])("is told what is missing: %s", (_, events, code) => {
    expect(whenAfter(events, { type: "submit", requestId: "r" })).toBe(code);
  });

  it("adds ten documents, no eleventh, none of no bytes or more than 10 MiB", () => {
    const nine = Array.from(
      { length: 9 },
      (_, n): AppealEvent => ({ type: "document-added", document: document(`x-${n}`) }),
    );
    expect(
      whenAfter([...draft, ...nine], { type: "add-document", document: document("y", { sha256: OTHER }) }),
    ).toBe("TOO_MANY_DOCUMENTS");
    expect(
      whenAfter([...draft, ...nine.slice(1)], {
        type: "add-document",
        document: document("y", { sha256: OTHER }),
      }),
    ).toHaveLength(1);
    for (const bytes of [0, (10 << 20) + 1])
      expect(
        whenAfter(draft, { type: "add-document", document: document("y", { bytes, sha256: OTHER }) }),
      ).toBe("DOCUMENT_TOO_LARGE");
  });

  it("adds a file once, however often it is sent; the same file can be two kinds of document", () => {
    const added: AppealEvent = { type: "document-added", document: document("x-1") };
    expect(whenAfter([...draft, added], { type: "add-document", document: document("x-2") })).toEqual([]);
    expect(
      whenAfter([...draft, added], { type: "add-document", document: document("x-2", { kind: "alibi" }) }),
    ).toHaveLength(1);
  });

  it("claims no other swipe after a reviewer has spoken; the rest can be mended", () => {
    const events: AppealEvent[] = [
      ...courseTo("second-reviewed"),
      { type: "returned", by: THIRD, what: "缺少委托书" },
    ];
    const { swipes } = appealOf(placed(events));
    const added = { ...saved, swipes: [...swipes, "swipe-late"] };
    const facts = { ...FACTS, swipes: new Map([...FACTS.swipes, ["swipe-late", SWIPE_AT]]) };
    const decided = (draft: typeof saved) =>
      decideAppeal({ type: "save", draft }, appealOf(placed(events)), facts);
    expect(decided(added)).toMatchObject({ refusal: "NOT_OPEN_ANY_MORE" });
    expect(decided({ ...saved, swipes: swipes.slice(1) })).toMatchObject({ refusal: "NOT_OPEN_ANY_MORE" });
    expect(decided({ ...saved, swipes: [...swipes].reverse() })).toHaveLength(1);
  });

  it("edits what was returned, and nothing that is being looked at", () => {
    const returned: AppealEvent = { type: "returned", by: FIRST, what: "缺少委托书" };
    expect(whenAfter([...courseTo("accepted"), returned], { type: "save", draft: saved })).toHaveLength(1);
    expect(whenAfter(courseTo("accepted"), { type: "save", draft: saved })).toBe("NOT_OPEN_ANY_MORE");
  });

  it("withdraws until it is decided", () => {
    expect(whenAfter(courseTo("investigated"), { type: "withdraw", requestId: "w" })).toEqual([
      { type: "withdrawn", requestId: "w" },
    ]);
    expect(whenAfter(courseTo("decided"), { type: "withdraw", requestId: "w" })).toBe("NOT_IN_THIS_STATE");
  });

  it("asks for a reconsideration within its term only", () => {
    const command = { type: "ask-reconsideration", requestId: "again" } as const;
    expect(whenAfter(courseTo("decided"), command)).toHaveLength(1);
    expect(whenAfter(courseTo("decided"), command, { ...FACTS, isReconsiderationOver: true })).toBe(
      "RECONSIDERATION_TOO_LATE",
    );
  });
});

describe("who may do what", () => {
  it("is another person for the second review", () => {
    const reviewed = courseTo("first-reviewed");
    expect(whenAfter(reviewed, { type: "review", by: FIRST, opinion: "同意" })).toBe("SAME_PERSON");
    expect(whenAfter(reviewed, { type: "review", by: SECOND, opinion: "同意" })).toEqual([
      { type: "second-reviewed", by: SECOND, opinion: "同意" },
    ]);
  });

  const decide = (by: string): AppealCommand => ({
    type: "decide",
    by,
    outcomes: BOTH,
    own: [],
    reasons: REASONS,
  });
  it("is a third person who decides, or two of whom one confirms", () => {
    const found = courseTo("investigated");
    expect(whenAfter(found, decide(THIRD))).toEqual([
      { type: "decided", by: [THIRD], outcomes: BOTH, own: [], reasons: REASONS },
    ]);
    const proposed = whenAfter(found, decide(FIRST)) as readonly AppealEvent[];
    expect(proposed).toEqual([
      { type: "decision-proposed", by: FIRST, outcomes: BOTH, own: [], reasons: REASONS },
    ]);
    expect(whenAfter([...found, ...proposed], { type: "confirm", by: FIRST })).toBe("NEEDS_ANOTHER_PERSON");
    expect(whenAfter([...found, ...proposed], { type: "confirm", by: SECOND })).toEqual([
      { type: "decided", by: [FIRST, SECOND], outcomes: BOTH, own: [], reasons: REASONS },
    ]);
    expect(whenAfter(found, { type: "confirm", by: SECOND })).toBe("NO_PROPOSAL");
  });

  it("is nobody before findings are written down, or with a swipe left out or too many", () => {
    expect(whenAfter(courseTo("second-reviewed"), decide(THIRD))).toBe("NOT_INVESTIGATED");
    for (const outcomes of [{ "swipe-a": "upheld" }, { ...BOTH, other: "upheld" }] as const)
      expect(
        whenAfter(courseTo("investigated"), {
          type: "decide",
          by: THIRD,
          outcomes,
          own: [],
          reasons: REASONS,
        }),
      ).toBe("OUTCOMES_INCOMPLETE");
  });

  it.each([FIRST, SECOND, THIRD])("is not %s who reconsiders, who took part before", (by) => {
    const command = { type: "reconsider", by, outcomes: BOTH, own: [], reasons: REASONS } as const;
    expect(whenAfter(courseTo("reconsideration-asked"), command)).toBe("DECIDED_ALREADY_BY_YOU");
  });

  it("never makes it worse for the holder in a reconsideration", () => {
    const asked = courseTo("reconsideration-asked");
    const by = FOURTH;
    const worse = { "swipe-a": "rejected", "swipe-b": "upheld" } as const;
    expect(whenAfter(asked, { type: "reconsider", by, outcomes: worse, own: [], reasons: REASONS })).toBe(
      "WORSE_FOR_HOLDER",
    );
    const better = { "swipe-a": "upheld", "swipe-b": "upheld" } as const;
    expect(whenAfter(asked, { type: "reconsider", by, outcomes: better, own: [], reasons: REASONS })).toEqual(
      [{ type: "reconsidered", by, outcomes: better, own: [], reasons: REASONS }],
    );
  });
});

describe("states", () => {
  it("goes on where it was when what was asked for is there", () => {
    for (const before of ["submitted", "accepted", "first-reviewed", "second-reviewed"] as const) {
      const events: AppealEvent[] = [...courseTo(before), { type: "returned", by: FIRST, what: "补材料" }];
      const { state } = appealOf(placed(courseTo(before)));
      expect(appealOf(placed(events)).state).toBe("returned-for-more");
      expect(appealOf(placed([...events, { type: "supplemented", requestId: "s" }])).state).toBe(state);
    }
  });

  it("closes when nobody asks in time, not before", () => {
    expect(whenAfter(courseTo("decided"), { type: "close" })).toBe("TERM_RUNS");
    expect(
      whenAfter(courseTo("decided"), { type: "close" }, { ...FACTS, isReconsiderationOver: true }),
    ).toEqual([{ type: "closed" }]);
  });

  const COMMANDS: Readonly<Record<AppealCommand["type"], AppealCommand>> = {
    open: { type: "open", personKey: "p", caseId: "c" },
    save: {
      type: "save",
      draft: { swipes: Object.keys(BOTH), hasAgent: false, hasStatement: false, bankAccountTail: null },
    },
    "add-document": { type: "add-document", document: document("n") },
    "remove-document": { type: "remove-document", documentId: "d-1" },
    submit: { type: "submit", requestId: "n" },
    supplement: { type: "supplement", requestId: "n" },
    withdraw: { type: "withdraw", requestId: "n" },
    "ask-reconsideration": { type: "ask-reconsideration", requestId: "n" },
    accept: { type: "accept", by: FOURTH },
    return: { type: "return", by: FOURTH, what: "x" },
    resume: { type: "resume", by: FOURTH, reason: "x" },
    review: { type: "review", by: FOURTH, opinion: "x" },
    investigate: { type: "investigate", by: FOURTH, findings: "x" },
    decide: { type: "decide", by: FOURTH, outcomes: BOTH, own: [], reasons: "x" },
    confirm: { type: "confirm", by: FOURTH },
    drop: { type: "drop", by: FOURTH, reason: "x" },
    reconsider: { type: "reconsider", by: FOURTH, outcomes: BOTH, own: [], reasons: "x" },
    close: { type: "close" },
  };
  const base = appealOf(placed(courseTo("decided")));

  it.each(APPEAL_STATES)("%s lets happen what the table says, and nothing else", (state) => {
    for (const command of Object.values(COMMANDS)) {
      if (command.type === "open") continue;
      const decided = decideAppeal(command, { ...base, state }, FACTS);
      const states: readonly string[] = COMMAND_STATES[command.type];
      const isStateRefused =
        "refusal" in decided && ["NOT_IN_THIS_STATE", "NOT_OPEN_ANY_MORE"].includes(decided.refusal);
      expect([command.type, isStateRefused]).toEqual([command.type, !states.includes(state)]);
    }
  });

  it("refuses everything of an appeal that nobody opened", () => {
    for (const command of Object.values(COMMANDS))
      if (command.type !== "open") expect(whenAfter([], command)).toBe("UNKNOWN");
  });
});

it("every refusal says something to the holder in Chinese and blames nobody", () => {
  for (const { holder, analyst } of Object.values(APPEAL_REFUSALS)) {
    expect(holder).toMatch(/^[^a-zA-Z]*(10MB)?[^a-zA-Z]*。$/);
    expect(holder).not.toMatch(/盗刷|骗|犯罪|违法|过错/);
    expect(analyst.length).toBeGreaterThan(10);
  }
});
