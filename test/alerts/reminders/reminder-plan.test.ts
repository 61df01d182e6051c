/** Which reminders there are, from a table: reports of a person's cards in, kinds, times and words out. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { packageRoot } from "../../../cli/package-root.js";
import { calendarFile } from "../../../schemas/bundle/calendar.js";
import { formatInstant, parseInstantMs } from "../../../schemas/instant.js";
import { compileCalendar } from "../../../schemas/working-calendar.js";
import {
  cardReminders,
  deadlineReminders,
  type PersonReport,
  type Reminder,
} from "../../../services/alerts/reminders/reminder-plan.js";
import { orderedValues, smsText } from "../../../services/alerts/sms/sms-text.js";
import { templates } from "../alerts-desk.js";
import { PERSON } from "../outcome-records.js";

const calendar = compileCalendar(
  calendarFile.parse(JSON.parse(readFileSync(join(packageRoot, "rulesets", "calendar.json"), "utf8"))),
);
const on = (monthAndDay: string, clock = "00:00") => `2026-${monthAndDay}T${clock}:00.000+08:00`;

function report(
  action: PersonReport["action"],
  reportedAt: string,
  fields: Partial<PersonReport> = {},
): PersonReport {
  return {
    personKey: PERSON,
    place: 0,
    eventId: `${action} ${reportedAt}`,
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

/** Reported on a Monday by phone in Beijing: ten days, in October over the holidays. */
const loss = (fields: Partial<PersonReport> = {}) =>
  report("report-loss", on("09-28", "10:00"), {
    expiresAtMin: on("10-08"),
    expiresAtMax: on("10-08"),
    ...fields,
  });
const lostECredential = report("report-loss", on("03-01"), { credential: "e-credential", cardTail: null });

interface Row {
  readonly title: string;
  readonly reports: readonly PersonReport[];
  /** `kind month-day hour:minute`, in the order of the plan. */
  readonly reminders: readonly string[];
}

const LAPSING = [
  "loss-lapses-next-day 09-30 09:00",
  "loss-lapses-soon 10-07 20:00",
  "loss-lapsed 10-08 00:00",
];

const TABLE: readonly Row[] = [
  { title: "nothing reported", reports: [], reminders: [] },
  { title: "a report that lapses", reports: [loss()], reminders: LAPSING },
  { title: "one that was refused", reports: [loss({ applied: false })], reminders: [] },
  { title: "released in time", reports: [loss(), report("release", on("10-03"))], reminders: [] },
  {
    title: "another card released",
    reports: [loss(), report("release", on("10-03"), { cardTail: "9999" })],
    reminders: LAPSING,
  },
  {
    title: "all cards released",
    reports: [loss(), report("release", on("10-03"), { cardTail: null })],
    reminders: [],
  },
  {
    title: "another credential released",
    reports: [loss(), report("release", on("10-03"), { credential: "e-credential", cardTail: null })],
    reminders: LAPSING,
  },
  {
    title: "a release that was refused",
    reports: [loss(), report("release", on("10-03"), { applied: false, code: "NOTHING_TO_RELEASE" })],
    reminders: LAPSING,
  },
  {
    title: "reported again: by the new end",
    reports: [
      loss(),
      loss({ eventId: "again", place: 1, expiresAtMin: on("10-13"), expiresAtMax: on("10-13") }),
    ],
    reminders: [
      "loss-lapses-next-day 10-10 09:00",
      "loss-lapses-soon 10-12 20:00",
      "loss-lapsed 10-13 00:00",
    ],
  },
  {
    title: "one of which only a range is known: reminded by its beginning, said to be over at its end",
    reports: [loss({ expiresAtMin: on("10-05"), expiresAtMax: on("10-13") })],
    reminders: [
      "loss-lapses-next-day 09-30 09:00",
      "loss-lapses-soon 10-04 20:00",
      "loss-lapsed 10-13 00:00",
    ],
  },
  {
    title: "one of a few hours: what would be said before it was made is not",
    reports: [loss({ expiresAtMin: on("09-28", "16:00"), expiresAtMax: on("09-28", "16:00") })],
    reminders: ["loss-lapses-soon 09-28 12:00", "loss-lapsed 09-28 16:00"],
  },
  {
    title: "made formal: a new card is due after a week, and after a month",
    reports: [loss(), report("confirm-loss", on("09-29", "15:00"))],
    reminders: ["replacement-due 10-06 09:00", "replacement-due 10-29 09:00"],
  },
  {
    title: "without an end: a new card is due too",
    reports: [loss({ expiresAtMin: null, expiresAtMax: null })],
    reminders: ["replacement-due 10-05 09:00", "replacement-due 10-28 09:00"],
  },
  {
    title: "a lost identity document is replaced by the police",
    reports: [
      loss({ credential: "identity-document", cardTail: null, expiresAtMin: null, expiresAtMax: null }),
    ],
    reminders: [],
  },
  {
    title: "a replacement was filed",
    reports: [report("confirm-loss", on("03-01")), report("file-replacement", on("03-05"))],
    reminders: [],
  },
  {
    title: "replaced: the old card is void",
    reports: [report("confirm-loss", on("03-01")), report("replace", on("03-16", "11:00"))],
    reminders: ["old-card-void 03-16 11:00"],
  },
  {
    title: "replaced from tomorrow on",
    reports: [report("replace", on("03-16", "11:00"), { effectiveAt: on("03-17") })],
    reminders: ["old-card-void 03-17 00:00"],
  },
  {
    title: "replaced twice: the last counts",
    reports: [report("replace", on("03-16")), report("replace", on("03-20"), { cardTail: "9876" })],
    reminders: ["old-card-void 03-20 00:00"],
  },
  {
    title: "replaced, the e-credential reported lost before: it is to be bound again",
    reports: [lostECredential, report("replace", on("03-16", "11:00"))],
    reminders: ["old-card-void 03-16 11:00", "rebind-e-credential 03-17 09:00"],
  },
  {
    title: "and was",
    reports: [
      lostECredential,
      report("replace", on("03-16", "11:00")),
      report("rebind-e-credential", on("03-16", "12:00"), { credential: "e-credential", cardTail: null }),
    ],
    reminders: ["old-card-void 03-16 11:00"],
  },
  {
    title: "a new card issued, the e-credential reported lost before",
    reports: [lostECredential, report("issue", on("03-16", "11:00"))],
    reminders: ["rebind-e-credential 03-17 09:00"],
  },
  {
    title: "whose holder has died",
    reports: [loss(), report("deceased", on("10-01"), { cardTail: null })],
    reminders: [],
  },
];

function planned(reports: readonly PersonReport[], newCardTail: string | null = null): readonly Reminder[] {
  const placed = reports.map((one, place) => ({ ...one, place }));
  return cardReminders(placed, { calendar, newCardTail });
}

const brief = ({ kind, dueAtMs }: Reminder) =>
  `${kind} ${formatInstant(dueAtMs).slice(5, 16).replace("T", " ")}`;
const textOf = ({ situation, values }: Reminder) =>
  smsText(templates, situation, orderedValues(templates, situation, values));

describe("reminders of", () => {
  test.each(TABLE)("$title", ({ reports, reminders }) => {
    expect(planned(reports).map(brief)).toEqual(reminders);
  });
});

test("each has a text that every operator takes, with its card and its time", () => {
  const reports = [
    lostECredential,
    loss(),
    report("confirm-loss", on("09-29")),
    report("replace", on("10-12")),
  ];
  const texts = [
    ...planned([loss()]),
    ...planned([report("confirm-loss", on("09-29"))]),
    ...planned(reports, "9876"),
    ...planned(reports, null),
  ].map(textOf);
  expect(texts.map((text) => text.replace(/^【.*?】/, ""))).toEqual([
    "您医保卡尾号1234的口头挂失到10月7日24:00失效。请在此前到经办机构补办，或再次挂失，咨询12393",
    "您医保卡尾号1234的口头挂失到10月7日24:00失效。请在此前到经办机构补办，或再次挂失，咨询12393",
    "您医保卡尾号1234的口头挂失已于10月7日24:00失效。没有找回卡的，请再次挂失并补办，咨询12393",
    "您医保卡尾号1234已于9月29日挂失，还没有补办新卡。请带身份证到经办机构补办，咨询12393",
    "您医保卡尾号1234已于9月29日挂失，还没有补办新卡。请带身份证到经办机构补办，咨询12393",
    "您的新医保卡尾号9876已启用，旧卡已作废，请不要再用。不是您本人办理的，请拨12393",
    "您的医保卡已更换，医保电子凭证请在手机上重新激活后再使用，咨询12393",
    "您的新医保卡（补办）已启用，旧卡已作废，请不要再用。不是您本人办理的，请拨12393",
    "您的医保卡已更换，医保电子凭证请在手机上重新激活后再使用，咨询12393",
  ]);
});

test("planned again each has the id it had, and no two have one", () => {
  const reports = [
    loss(),
    report("confirm-loss", on("03-01"), { cardTail: "5555" }),
    report("replace", on("03-05"), { cardTail: "7777" }),
  ];
  const ids = planned(reports).map(({ reminderId }) => reminderId);
  expect(planned(reports).map(({ reminderId }) => reminderId)).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a second report of one loss makes no second reminder of the new card", () => {
  const first = loss({ expiresAtMin: null, expiresAtMax: null });
  const joined = [first, { ...first, eventId: "second" }];
  expect(planned(joined).map(({ reminderId }) => reminderId)).toEqual(
    planned([first]).map(({ reminderId }) => reminderId),
  );
});

test("a deadline of an appeal is told three working days and one before it, over the holidays", () => {
  const deadline = {
    deadlineId: "d-1",
    personKey: PERSON,
    caseCode: "K7M2-Q9XW",
    dueAtMs: parseInstantMs(on("10-10")),
  };
  const reminders = deadlineReminders(deadline, calendar);
  expect(reminders.map(brief)).toEqual(["appeal-deadline 09-29 09:00", "appeal-deadline 10-08 09:00"]);
  expect(textOf(reminders[0]!)).toContain("编号K7M2-Q9XW）有一项期限到10月9日为止");
});
