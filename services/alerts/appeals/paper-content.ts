/**
 * What the papers of an appeal say (zh-CN): acceptance, request for more, decision. Pure.
 *
 * Facts, sums, what was decided and what the holder can do; nobody is blamed, names and numbers are masked.
 */

import type { AppealState } from "../../../schemas/appeal.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import type { Appeal, PlacedEvent } from "./appeal.js";
import { type Deadline, lastDayWords } from "./appeal-deadlines.js";
import { type AppealSums, type SwipeFact, sumsOf } from "./swipe-facts.js";

export interface PaperSection {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly pairs: readonly (readonly [label: string, value: string])[];
}

export interface PaperContent {
  readonly title: string;
  readonly number: string;
  /** ISO 8601: also of the file. */
  readonly madeAt: string;
  /** Masked; null until the file is made, and where no contact is known. */
  readonly addressee: string | null;
  readonly sections: readonly PaperSection[];
}

export const PAPER_KINDS = {
  acceptance: { title: "医保申诉受理通知书", letters: "SL" },
  supplement: { title: "医保申诉补正通知书", letters: "BZ" },
  decision: { title: "医保申诉决定书", letters: "JD" },
  reconsideration: { title: "医保申诉复议决定书", letters: "FY" },
} as const;
export type PaperKind = keyof typeof PAPER_KINDS;

export interface PaperFacts {
  readonly number: string;
  readonly appeal: Appeal;
  readonly facts: readonly SwipeFact[];
  readonly deadlines: readonly Deadline[];
}

const HOTLINE = "办理中如有疑问，请拨打医保服务热线12393，并报上申诉编号。";
const POSITION_WORDS: Readonly<Record<SwipeFact["position"], string>> = {
  "before-report": "报失之前",
  "before-effect": "报失之后、生效之前",
  "after-effect": "挂失生效期间",
  "after-lapse": "挂失失效之后",
  "no-report": "无有效挂失记录",
};
const BEARER_WORDS: Readonly<Record<SwipeFact["bearer"], string>> = {
  holder: "由持卡人承担",
  "fund-and-institution": "不由持卡人承担",
  undetermined: "按现有材料尚不能确定",
};

/** Which paper an event makes; null: none. */
export function paperKindOf({ event }: PlacedEvent): PaperKind | null {
  if (event.type === "accepted") return "acceptance";
  if (event.type === "returned") return "supplement";
  if (event.type === "decided") return "decision";
  return event.type === "reconsidered" ? "reconsideration" : null;
}

/** @param ordinal of the paper within its appeal, from 1. */
export function paperContent(
  kind: PaperKind,
  placed: PlacedEvent,
  paper: PaperFacts,
  ordinal: number,
): PaperContent {
  const { title, letters } = PAPER_KINDS[kind];
  return {
    title,
    number: `${paper.number}-${letters}-${ordinal}`,
    madeAt: placed.at,
    addressee: null,
    sections: [...sectionsOf(kind, placed, paper), section("联系方式", [HOTLINE])],
  };
}

function sectionsOf(kind: PaperKind, { event }: PlacedEvent, paper: PaperFacts): readonly PaperSection[] {
  const swipes = section("申诉的消费", [], swipePairs(paper));
  switch (kind) {
    case "acceptance":
      return [
        section("受理", ["您提交的医保申诉材料已经收到，现予受理。"]),
        swipes,
        section("办理期限", deadlineWords(paper.deadlines)),
      ];
    case "supplement":
      return [
        section("需要补正的材料", ["what" in event ? event.what : ""]),
        section("补正期限", [
          ...deadlineWords(paper.deadlines),
          "补正期间不计入办理期限。请在案件页面上传，或送到经办机构。",
        ]),
      ];
    case "decision":
    case "reconsideration":
      return [
        section("查明的事实", sumWords(sumsOf(paper.facts, [])), swipePairs(paper)),
        section("决定", ["reasons" in event ? event.reasons : ""]),
        section("不服本决定的办法", remediesOf(paper)),
      ];
  }
}

function section(
  heading: string,
  paragraphs: readonly string[],
  pairs: PaperSection["pairs"] = [],
): PaperSection {
  return { heading, paragraphs, pairs };
}

function swipePairs({ facts, appeal }: PaperFacts): PaperSection["pairs"] {
  return facts.map(({ swipe, position, bearer, because }, index) => {
    const outcome = appeal.decision?.outcomes[swipe.decisionId];
    const card = swipe.cardTail === null ? "" : `，尾号${swipe.cardTail}`;
    const lines = [
      `${swipe.occurredAt.slice(0, 16).replace("T", " ")}${card}，${yuanTextOf(swipe.totalFen)}元`,
      `个人账户支付${swipe.accountFen === null ? "金额不详" : `${yuanTextOf(swipe.accountFen)}元`}`,
      `${POSITION_WORDS[position]}；${because}${BEARER_WORDS[bearer]}。`,
      ...(outcome === undefined
        ? []
        : [outcome === "upheld" ? "决定：支持该笔申诉。" : "决定：不支持该笔申诉。"]),
    ];
    return [`第${index + 1}笔`, lines.join("\n")] as const;
  });
}

function sumWords({ claimed, beforeEffect, afterEffect, undetermined }: AppealSums): readonly string[] {
  const words = (name: string, sum: AppealSums["claimed"]) =>
    `${name}${sum.count}笔，合计${yuanTextOf(sum.totalFen)}元`;
  return [
    `${words("申诉的消费", claimed)}；其中${words("挂失生效之前", beforeEffect)}，${words("挂失生效期间", afterEffect)}，${words("由谁承担按现有材料尚不能确定的", undetermined)}。`,
  ];
}

function deadlineWords(deadlines: readonly Deadline[]): readonly string[] {
  return deadlines.map(
    ({ name, dueMs, isUncertain }) =>
      `${name}：${lastDayWords(dueMs)}前（含当日）${isUncertain ? "（涉及尚未公布的节假日安排，以公布后为准）" : ""}。`,
  );
}

const REMEDY_WORDS: Readonly<Partial<Record<Deadline["kind"], string>>> = {
  reconsideration: "对本决定不服的，可以在{day}前（含当日）申请复议；复议由未参与原决定的人员办理。",
  lawsuit: "也可以在{day}前（含当日）依法向人民法院提起诉讼。",
};

/** What the holder can do about a decision, with dates; they run from the day of the decision. */
export function remediesOf({ deadlines }: Pick<PaperFacts, "deadlines">): readonly string[] {
  return deadlines.flatMap(
    ({ kind, dueMs }) => REMEDY_WORDS[kind]?.replace("{day}", lastDayWords(dueMs)) ?? [],
  );
}

/** What the holder reads of a step. */
export const STATE_NOTES: Readonly<Record<AppealState, string>> = {
  draft: "填写中，尚未提交。",
  submitted: "已提交，等待受理。",
  "returned-for-more": "需要补正材料，请查看补正通知书。",
  "first-review": "已受理，正在初审。",
  "second-review": "初审完成，正在复审。",
  investigation: "复审完成，正在调查。",
  decided: "已作出决定，请查看决定书。",
  reconsideration: "已申请复议，正在办理。",
  withdrawn: "您已撤回申诉。",
  closed: "已办结。",
};
