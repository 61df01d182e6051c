/** Reporting a loss: what it does, then what came of it. Pure. */

import type { CardReport, CardStanding } from "../../../../schemas/card-report.js";
import { parseInstantMs } from "../../../../schemas/instant.js";
import type { HolderSwipe, LossRequest } from "../citizen-desk.js";
import { type Html, html } from "../html.js";
import {
  CREDENTIAL_WORDS,
  cardWords,
  HOTLINE,
  momentWords,
  STANDING_ADVICE,
  STANDING_WORDS,
} from "../words.js";
import { button, documentOf, type FormKeys, facts, form, note } from "./frame.js";
import { headWords } from "./swipe-parts.js";

/** What the holder can report by himself. */
export const REPORTABLE = ["card", "e-credential", "temporary-card"] as const;
export type Reportable = (typeof REPORTABLE)[number];

export interface LossPage {
  readonly keys: FormKeys;
  /** The swipe from which this began; null: asked for directly. */
  readonly swipe: HolderSwipe | null;
  readonly chosen: Reportable;
  readonly error: string | null;
}

export function lossPage({ keys, swipe, chosen, error }: LossPage): string {
  const body = html`${error !== null && note("warn", error)}
${swipe !== null && note("plain", html`${momentWords(swipe.occurredAtMs)}，${swipe.place}，${headWords(swipe)}${swipe.answer === "not-mine" ? "：您回答“不是我”。" : "。不是您本人刷的，请先挂失，再申诉。"}`)}
<section><h2>挂失以后会怎样</h2><ul>
<li>挂失从登记时起办理，多数地方立即生效，有的地方要等一段时间。生效时间会写在“我的卡”里。</li>
<li>生效以后，挂失的卡（凭证）不能再用来结算。</li>
<li>其他没有挂失的凭证照常能用。急诊抢救不受影响，先救治。</li>
<li>网上挂失是临时挂失，到期会失效。请在到期前带身份证到经办机构办理正式挂失或补办。</li></ul></section>
<section>${form(
    "/loss",
    keys,
    html`<input type="hidden" name="swipe" value="${swipe?.decisionId ?? ""}">
<fieldset><legend>挂失哪一个？</legend>${REPORTABLE.map(
      (
        credential,
      ) => html`<div class="choice"><input type="radio" id="c-${credential}" name="credential" value="${credential}"${credential === chosen && html` checked`}>
<label for="c-${credential}">${swipe !== null && swipe.credential === credential ? cardWords(credential, swipe.cardTail) : CREDENTIAL_WORDS[credential]}</label></div>`,
    )}</fieldset>
<div class="actions"><button class="warn">确认挂失</button>${button("/case", "先不挂失", "second")}</div>`,
  )}</section>`;
  return documentOf({ title: "挂失", signedIn: keys, current: "/cards", body });
}

export interface LossDonePage {
  readonly keys: FormKeys;
  readonly request: LossRequest;
  readonly hasNotMine: boolean;
}

export function lossDonePage({ keys, request, hasNotMine }: LossDonePage): string {
  const body = html`${standing(request)}
<section><h2>接下来请做这几件事</h2><ol>
<li>有人正在用您的卡消费：请拨 <a href="tel:110">110</a> 报警，并向警察要<strong>报警回执</strong>。申诉时要用。</li>
<li>有疑问：拨医保热线 <a href="tel:${HOTLINE}">${HOTLINE}</a>。</li>
<li>带身份证到医保经办机构或社保卡服务网点，办理正式挂失或补办。</li></ol></section>
<section><h2>这段时间看病怎么办</h2><ul>
<li>没有挂失医保电子凭证的：打开手机里的医保电子凭证，照常结算。</li>
<li>新卡还没拿到：可以用《领卡证明》。</li>
<li>带身份证：很多医院可以凭身份证办理。</li>
<li>都不行：先自费，保留票据和病历，以后到经办机构报销。</li>
<li>急诊：先救治，不用等。</li></ul></section>
<section><h2>钱已经被刷走了？</h2><p>${hasNotMine ? "您回答“不是我”的消费可以申诉。" : "不是您本人刷的消费可以申诉。"}有结果以前，会一直告诉您到了哪一步。</p>
<div class="actions">${button("/appeals", "去申诉")}${button("/cards", "看我的卡", "second")}</div></section>`;
  return documentOf({ title: "挂失情况", signedIn: keys, current: "/cards", body });
}

function standing({ status, requestedAtMs, receiptNo, report }: LossRequest): Html {
  const rows = facts([
    ["登记时间", momentWords(requestedAtMs)],
    receiptNo === null ? null : ["受理编号", receiptNo],
    ...(report === null ? [] : reportRows(report)),
  ]);
  switch (status) {
    case "accepted":
      return html`${note("good", "挂失已受理。")}<section>${rows}</section>`;
    case "pending":
      return html`${note("plain", "挂失已登记，正在送往经办机构。不用再按一次，也不用守在这里。")}<section>${rows}<div class="actions">${button("/cards", "过一会儿看结果", "second")}</div></section>`;
    case "failed":
      return html`${note("warn", html`网上没有办成。请<strong>现在</strong>拨 <a href="tel:${HOTLINE}">${HOTLINE}</a> 挂失。`)}<section>${rows}</section>`;
  }
}

function reportRows(report: CardReport): (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [["生效时间", momentWords(parseInstantMs(report.effectiveAt))]];
  const lapse = report.expiresAtMin;
  if (lapse !== null)
    rows.push([
      "到期时间",
      `${momentWords(parseInstantMs(lapse))}${report.calendarUncertain ? "（按现有工作日历推算，可能有变动）" : ""}。到期前没有补办，挂失就会失效。`,
    ]);
  return rows;
}

export interface CardsPage {
  readonly keys: FormKeys;
  readonly cards: readonly CardStanding[];
  readonly requests: readonly LossRequest[];
}

export function cardsPage({ keys, cards, requests }: CardsPage): string {
  const waiting = requests.filter(({ report, status }) => report === null && status !== "accepted");
  const body = html`${waiting.map((request) => standing(request))}
${cards.length === 0 && html`<section><p>还没有查到您的卡的状态变化。卡能正常使用时，这里可能是空的。</p></section>`}
${cards.map(
  (card) => html`<section><h2>${cardWords(card.credential, card.cardTail)}</h2>
<p><span class="tag ${card.standing === "in-use" ? "good" : "warn"}">${STANDING_WORDS[card.standing]}</span></p>
${facts([
  card.since === null ? null : ["从何时起", momentWords(parseInstantMs(card.since))],
  ...(card.report === null ? [] : reportRows(card.report)),
])}
${STANDING_ADVICE[card.standing] !== null && html`<p>${STANDING_ADVICE[card.standing] ?? ""}</p>`}</section>`,
)}
<section><h2>卡丢了，或担心被人盗用？</h2><div class="actions">${button("/loss", "挂失", "warn")}${button("/limits", "设置使用限制", "second")}</div>
<p>找回以后要解除挂失：请带身份证到经办机构办理，网上不能解除，这是为了防止别人替您解除。</p></section>`;
  return documentOf({ title: "我的卡", signedIn: keys, current: "/cards", body });
}
