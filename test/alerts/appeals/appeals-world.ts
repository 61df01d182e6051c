/** The appeals of a test: a database with judged swipes, a clock that only tests move, a holder and an office. */

import { silentLogger } from "../../../platform/logger/logger.js";
import { SealedBox } from "../../../platform/sealed-box/sealed-box.js";
import type { AppealView } from "../../../schemas/appeal.js";
import type { OfficeCommand } from "../../../schemas/appeal-command.js";
import type { CardReport } from "../../../schemas/card-report.js";
import type { LoggedOutcome } from "../../../schemas/outcomes.js";
import { AppealChanges, type AppealNotice } from "../../../services/alerts/appeals/appeal-changes.js";
import { AppealPapers, type PaperPress } from "../../../services/alerts/appeals/appeal-papers.js";
import { AppealRounds } from "../../../services/alerts/appeals/appeal-rounds.js";
import { HolderAppealsDesk } from "../../../services/alerts/appeals/holder-appeals.js";
import { AlertsDesk } from "../alerts-desk.js";
import { decision, PERSON, rejected } from "../outcome-records.js";
import { calendar, FIRST, policy, SECOND, THIRD } from "./appeal-events.js";

export const CASE = `${PERSON}-1`;
export const BANK_ACCOUNT = "6222020200112233445";
export const STATEMENT = "卡一直在家中，消费不是本人所为。";

export function msgidOf(n: number): string {
  return `P34180000001${"20260301100000"}${String(n).padStart(4, "0")}`;
}

/** Three settlements: two with an alert of R01, one approved. */
export function threeSwipes(): readonly LoggedOutcome[] {
  const swipe = { institutionId: "P34180000001", careRegion: "341800" };
  return [rejected(msgidOf(1), { swipe }), rejected(msgidOf(2), { swipe }), decision(msgidOf(3), { swipe })];
}

export function decisionIdOf(n: number): string {
  return `${PERSON.slice(0, 12)}-${msgidOf(n)}-0`;
}

export class AppealsWorld {
  nowMs = Date.parse("2026-03-02T09:00:00.000+08:00");
  reports: readonly CardReport[] = [];
  readonly notices: AppealNotice[] = [];
  /** What the press was given, as text: readable in tests. */
  readonly press: PaperPress = {
    print: async (content) => Buffer.from(JSON.stringify(content), "utf8"),
  };
  readonly changes: AppealChanges;
  readonly papers: AppealPapers;
  readonly holder: HolderAppealsDesk;
  readonly rounds: AppealRounds;

  constructor(readonly desk: AlertsDesk) {
    const box = new SealedBox({ id: "test", key: Buffer.alloc(32, 7) });
    const clock = { now: () => this.nowMs, sleep: () => Promise.resolve() };
    this.changes = new AppealChanges({
      database: desk.database,
      box,
      policy,
      calendar,
      clock,
      reportsOf: async () => this.reports,
      notify: async (_, notice) => {
        this.notices.push(notice);
      },
    });
    const { tables } = this.changes;
    this.papers = new AppealPapers({ tables, box, press: this.press, addresseeOf: async () => "王*" });
    this.holder = new HolderAppealsDesk(this.changes, this.papers);
    this.rounds = new AppealRounds({
      changes: this.changes,
      papers: this.papers,
      clock,
      logger: silentLogger,
    });
  }

  static async open(): Promise<AppealsWorld> {
    return new AppealsWorld(await AlertsDesk.open());
  }

  /** A whole draft that claims the first two swipes. */
  async draft(swipes = [1, 2].map(decisionIdOf)): Promise<AppealView> {
    const { appealId } = view(await this.holder.open(PERSON, CASE));
    await this.holder.addDocument(PERSON, appealId, {
      kind: "police-receipt",
      name: "回执.jpg",
      mediaType: "image/jpeg",
      content: Buffer.from("JPEG"),
    });
    const draft = { statement: STATEMENT, swipes, bankAccount: BANK_ACCOUNT, hasAgent: false };
    return view(await this.holder.save(PERSON, appealId, draft));
  }

  async submitted(swipes?: string[]): Promise<AppealView> {
    const { appealId } = await this.draft(swipes);
    return view(await this.holder.submit(PERSON, appealId, "submit-1"));
  }

  /** @returns the refusal's code, or null. */
  async office(
    appealId: string,
    command: OfficeCommand,
    version: number | null = null,
  ): Promise<string | null> {
    const asked = { appealId, personKey: null, actor: command.by, version, command };
    return (await this.changes.change(asked))?.refusal ?? null;
  }

  async investigated(swipes?: string[]): Promise<AppealView> {
    const { appealId } = await this.submitted(swipes);
    await this.office(appealId, { type: "accept", by: FIRST });
    await this.office(appealId, { type: "review", by: FIRST, opinion: "材料齐全" });
    await this.office(appealId, { type: "review", by: SECOND, opinion: "同意" });
    await this.office(appealId, { type: "investigate", by: SECOND, findings: "监控显示另有其人" });
    return (await this.holder.find(PERSON, appealId))!;
  }

  async decided(
    outcomes: Readonly<Record<string, "upheld" | "rejected">>,
    own: string[] = [],
  ): Promise<AppealView> {
    const { appealId } = await this.investigated(Object.keys(outcomes));
    const refusal = await this.office(appealId, {
      type: "decide",
      by: THIRD,
      outcomes,
      own,
      reasons: "经查明",
    });
    if (refusal !== null) throw new Error(refusal);
    return (await this.holder.find(PERSON, appealId))!;
  }
}

export function view(answer: AppealView | { readonly problem: string; readonly text: string }): AppealView {
  if ("problem" in answer) throw new Error(`${answer.problem}: ${answer.text}`);
  return answer;
}

export function problem(answer: AppealView | { readonly problem: string; readonly text: string }): string {
  return "problem" in answer ? answer.problem : `no problem: version ${answer.version}`;
}
