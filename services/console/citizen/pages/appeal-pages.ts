/** Appeals that were sent: where they are, until when, what was decided and what can be done about it. Pure. */

import type { AppealState, AppealView } from "../../../../schemas/appeal.js";
import { parseInstantMs } from "../../../../schemas/instant.js";
import { type Html, html } from "../html.js";
import {
  APPEAL_STATE_WORDS,
  DOCUMENT_WORDS,
  dayWords,
  deadlineWords,
  momentWords,
  yuanWords,
} from "../words.js";
import { pathOf } from "./appeal-draft-pages.js";
import { button, documentOf, type FormKeys, facts, field, form, note, paragraphs } from "./frame.js";

const RESULT_WORDS = {
  upheld: "支持您的申诉",
  partly: "部分支持您的申诉",
  rejected: "没有支持您的申诉",
} as const;
const POSITION_WORDS = {
  "before-report": "挂失以前",
  "before-effect": "挂失以后、生效以前",
  "after-effect": "挂失生效以后",
  "after-lapse": "挂失到期以后",
  "no-report": "没有挂失记录",
} as const;
const BEARER_WORDS = {
  holder: "按规定一般由本人承担",
  "fund-and-institution": "按规定不由本人承担",
  undetermined: "要等调查后才能确定",
} as const;
const OUTCOME_WORDS = { upheld: "支持", rejected: "没有支持" } as const;
export const REASONS_LENGTH_MAX = 2000;

/** May the holder take it back? */
const WITHDRAWABLE: ReadonlySet<AppealState> = new Set([
  "submitted",
  "returned-for-more",
  "first-review",
  "second-review",
  "investigation",
]);

export function isWithdrawable({ state }: AppealView): boolean {
  return WITHDRAWABLE.has(state);
}

function appealDocument(keys: FormKeys, title: string, body: Html): string {
  return documentOf({ title, signedIn: keys, current: "/appeals", body });
}

export function appealsPage(keys: FormKeys, appeals: readonly AppealView[]): string {
  const hasDraft = appeals.some(({ state }) => state === "draft");
  const body = html`<p>不是您本人刷的、钱已经被刷走的，可以申诉。办理有期限，到哪一步都会告诉您。</p>
${appeals.map(
  (appeal) => html`<section><h2>${appeal.state === "draft" ? "没有提交的申诉" : `申诉 ${appeal.number}`}</h2>
<p><span class="tag">${APPEAL_STATE_WORDS[appeal.state]}</span></p><p>${appeal.swipes.length} 笔消费，${appeal.documents.length} 个材料</p>
<div class="actions">${button(pathOf(appeal), appeal.state === "draft" ? "接着填写" : "看进展")}</div></section>`,
)}
${!hasDraft && html`<section><h2>${appeals.length === 0 ? "开始申诉" : "还有别的要申诉？"}</h2><p>请准备：经过说明；报过警的，准备报警回执的照片；当时您在别处的证明。没有的可以以后补。</p>${form("/appeals", keys, html`<button>开始填写</button>`)}</section>`}`;
  return appealDocument(keys, "申诉", body);
}

export function appealPage(keys: FormKeys, appeal: AppealView, said: string | null): string {
  const { state, decision, papers, steps } = appeal;
  // Once it is decided the office owes nothing but what it missed.
  const deadlines = appeal.deadlines.filter(
    ({ whose, isMissed }) => decision === null || whose === "holder" || isMissed,
  );
  const body = html`${said !== null && note("good", said)}
<section>${facts([
    ["申诉编号", appeal.number],
    ["现在", APPEAL_STATE_WORDS[state]],
  ])}</section>
${state === "returned-for-more" && supplementPart(keys, appeal)}
${decision !== null && decisionPart(appeal, decision)}
${
  deadlines.length > 0 &&
  html`<section><h2>期限</h2><ul>${deadlines.map(
    ({ kind, whose, dueAt, isMissed, isUncertain }) =>
      html`<li><strong>${dayWords(parseInstantMs(dueAt))}</strong>前：${whose === "office" ? "我们" : ""}${deadlineWords(kind)}${isUncertain ? "（放假安排公布后可能有变动）" : ""}${isMissed && html`<br><span class="tag warn">${whose === "office" ? "已超过期限，已提醒办理人员" : "已超过期限"}</span>`}</li>`,
  )}</ul></section>`
}
<section><h2>经过</h2><ol class="steps">${steps.map((step) => html`<li>${momentWords(parseInstantMs(step.at))}<br>${APPEAL_STATE_WORDS[step.state]}${step.note !== null && html`<br>${step.note}`}</li>`)}</ol></section>
<section><h2>申诉的消费</h2>${appeal.swipes.map(
    (swipe) =>
      html`<p class="amount">${yuanWords(swipe.totalFen)}</p>${facts([
        ["时间", momentWords(parseInstantMs(swipe.occurredAt))],
        ["与挂失相比", POSITION_WORDS[swipe.position]],
        // What was decided counts; who bears it by rule was the question before.
        swipe.outcome === null
          ? ["承担", BEARER_WORDS[swipe.bearer]]
          : ["决定", OUTCOME_WORDS[swipe.outcome]],
        swipe.outcome === null ? ["依据", swipe.because] : null,
      ])}`,
  )}</section>
${papers.length > 0 && html`<section><h2>文书</h2><ul>${papers.map(({ paperId, title, number, madeAt }) => html`<li><a href="${pathOf(appeal, `papers/${encodeURIComponent(paperId)}`)}">下载 ${title}（${number}，PDF）</a><br>${momentWords(parseInstantMs(madeAt))}</li>`)}</ul></section>`}
${appeal.documents.length > 0 && html`<section><h2>您交的材料</h2><ul>${appeal.documents.map(({ kind, name }) => html`<li>${DOCUMENT_WORDS[kind]}：${name}</li>`)}</ul></section>`}
<div class="actions">${isWithdrawable(appeal) && button(pathOf(appeal, "withdraw"), "撤回申诉", "second")}${button("/appeals", "返回", "second")}</div>`;
  return appealDocument(keys, "申诉进展", body);
}

function supplementPart(keys: FormKeys, appeal: AppealView): Html {
  const asked = appeal.steps.findLast(({ state }) => state === "returned-for-more")?.note ?? null;
  return html`${note("warn", html`需要您补充材料。${asked}`)}
<section><ol><li><a href="${pathOf(appeal, "documents")}">上传要补的材料</a>（已有 ${appeal.documents.length} 个）</li><li>传完以后，按下面的按钮。</li></ol>
${form(pathOf(appeal, "supplement"), keys, html`<button>材料补好了，提交</button>`)}</section>`;
}

function decisionPart(
  appeal: AppealView,
  { result, reasons, decidedAt, remedies }: NonNullable<AppealView["decision"]>,
): Html {
  return html`<section><h2>决定：${RESULT_WORDS[result]}</h2><p>${momentWords(parseInstantMs(decidedAt))}</p>${paragraphs(reasons)}
<h2>您还可以</h2><ul>${remedies.map((remedy) => html`<li>${remedy}</li>`)}</ul>
${appeal.state === "decided" && html`<div class="actions">${button(pathOf(appeal, "reconsideration"), "申请复议", "second")}</div>`}</section>`;
}

export function withdrawPage(keys: FormKeys, appeal: AppealView): string {
  const body = html`<section><p>撤回以后，这次申诉就不再办理。以后可以重新申诉，但期限从头计算。</p>
${form(pathOf(appeal, "withdraw"), keys, html`<div class="actions"><button class="warn">确认撤回</button>${button(pathOf(appeal), "不撤回", "second")}</div>`)}</section>`;
  return appealDocument(keys, "撤回申诉", body);
}

export function reconsiderationPage(
  keys: FormKeys,
  appeal: AppealView,
  typed: string,
  error: string | null,
): string {
  const body = html`<section>${form(
    pathOf(appeal, "reconsideration"),
    keys,
    html`${field({
      name: "reasons",
      label: "您为什么不同意这个决定",
      hint: `最多 ${REASONS_LENGTH_MAX} 字。复议由另外的工作人员办理。`,
      error,
      input: (attributes) => html`<textarea ${attributes} maxlength="${REASONS_LENGTH_MAX}" required>
${typed}</textarea>`,
    })}<div class="actions"><button>申请复议</button>${button(pathOf(appeal), "返回", "second")}</div>`,
  )}</section>`;
  return appealDocument(keys, "申请复议", body);
}
