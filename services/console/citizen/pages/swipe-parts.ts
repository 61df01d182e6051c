/** A swipe in plain words, and the question whether it was the holder. Pure. */

import type { HolderSwipe } from "../citizen-desk.js";
import { type Html, html } from "../html.js";
import { ACTION_WORDS, cardWords, KIND_WORDS, momentWords, yuanWords } from "../words.js";
import { button, type FormKeys, facts, form } from "./frame.js";

export function swipeCard(swipe: HolderSwipe, keys: FormKeys, back: string): Html {
  const { decisionId, advice, because } = swipe;
  return html`<section aria-label="${momentWords(swipe.occurredAtMs)}的${KIND_WORDS[swipe.kind]}">
<p class="amount">${headWords(swipe)}</p>
${swipe.kind !== "pin-check" && html`<p><span class="tag ${swipe.action === "reject" || swipe.action === "challenge" ? "warn" : "good"}">${ACTION_WORDS[swipe.action]}</span></p>`}
${facts([
  ["时间", momentWords(swipe.occurredAtMs)],
  ["地点", swipe.place],
  ["机构", swipe.institution],
  ["使用的凭证", cardWords(swipe.credential, swipe.cardTail)],
  swipe.accountFen === null || swipe.kind === "pin-check"
    ? null
    : ["其中个人账户", yuanWords(swipe.accountFen)],
])}
${why(because, advice)}
${answered(swipe)}
${swipe.isAlerted ? question(decisionId, swipe.answer, keys, back) : notAsked(decisionId)}
</section>`;
}

/** A PIN that was tried costs nothing: "0.00" would only puzzle, and so would "let through". */
export function headWords({ kind, totalFen }: HolderSwipe): string {
  return kind === "pin-check" ? KIND_WORDS[kind] : yuanWords(totalFen);
}

/** Folded: of six swipes one after the other nobody finds the buttons between. */
function why(because: readonly string[], advice: string | null): Html | null {
  if (because.length === 0 && advice === null) return null;
  return html`<details><summary>为什么提醒您，您可以怎么办</summary>${because.length > 0 && html`<ul>${because.map((reason) => html`<li>${reason}</li>`)}</ul>`}${advice !== null && html`<p>${advice}</p>`}</details>`;
}

function answered({ answer, decisionId }: HolderSwipe): Html | null {
  if (answer === null) return null;
  if (answer === "mine") return html`<p class="note good">您已回答：是我本人。</p>`;
  return html`<div class="note"><p>您已回答：不是我。</p><div class="actions">${button(`/loss?swipe=${encodeURIComponent(decisionId)}`, "挂失这张卡", "warn")}${button("/appeals", "申诉", "second")}</div></div>`;
}

/** Only what the case is about is asked; of any other it can be said all the same that it was not the holder. */
function notAsked(decisionId: string): Html {
  return html`<p><a href="/loss?swipe=${encodeURIComponent(decisionId)}">不是您本人刷的？</a></p>`;
}

function question(decisionId: string, answer: HolderSwipe["answer"], keys: FormKeys, back: string): Html {
  const choice = (value: "mine" | "not-mine", words: string, kind: string) =>
    answer !== value &&
    form(
      "/answer",
      keys,
      html`<input type="hidden" name="swipe" value="${decisionId}"><input type="hidden" name="back" value="${back}"><button class="${kind}" name="answer" value="${value}">${words}</button>`,
    );
  return html`<h2>${answer === null ? "这是您本人刷的吗？" : "要更改回答？"}</h2>
<div class="actions">${choice("mine", "是我本人", "second")}${choice("not-mine", "不是我", answer === null ? "warn" : "second")}</div>`;
}
