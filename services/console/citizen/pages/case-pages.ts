/** The case, and the holder's own swipes. Pure. */

import type { HolderSwipe } from "../citizen-desk.js";
import { html } from "../html.js";
import { HOTLINE, maskedName } from "../words.js";
import { button, documentOf, type FormKeys, note } from "./frame.js";
import { swipeCard } from "./swipe-parts.js";

export interface CasePage {
  readonly keys: FormKeys;
  readonly name: string;
  readonly swipes: readonly HolderSwipe[];
  readonly said: string | null;
}

export function casePage({ keys, name, swipes, said }: CasePage): string {
  const body = html`${said !== null && note("good", said)}
<p>您好，${maskedName(name)}。</p>
${
  swipes.length === 0
    ? html`<section><p>这次提醒涉及的消费还在整理，请过几分钟再看。</p><div class="actions">${button("/case", "再看一次")}</div></section>`
    : html`<p>下面 ${swipes.length} 笔引起了我们的注意。请告诉我们是不是您本人，随时可以更改，直到工作人员作出处理。</p>
${swipes.map((swipe) => swipeCard(swipe, keys, "/case"))}`
}
<section><h2>还可以</h2><div class="actions">${button("/swipes", "看最近 90 天全部消费", "second")}${button("/loss", "直接挂失", "second")}</div></section>`;
  return documentOf({ title: "请核对这次用卡", signedIn: keys, current: "/case", body });
}

export interface SwipesPage {
  readonly keys: FormKeys;
  readonly swipes: readonly HolderSwipe[];
  /** Of the next page; null on the last. */
  readonly before: string | null;
  /** Address of this page. */
  readonly here: string;
  readonly isFirst: boolean;
  readonly said: string | null;
}

export function swipesPage({ keys, swipes, before, here, isFirst, said }: SwipesPage): string {
  const body = html`${said !== null && note("good", said)}
<p>最近 90 天，最新的在最前面。卡号只显示最后四位。</p>
${swipes.length === 0 && html`<section><p>${isFirst ? "最近 90 天没有消费记录。" : "没有更早的记录了。"}</p><p>刚刚发生的消费，要过几分钟才看得到。更早的记录请拨 <a href="tel:${HOTLINE}">${HOTLINE}</a> 查询。</p></section>`}
${swipes.map((swipe) => swipeCard(swipe, keys, here))}
<div class="actions">${before !== null && button(`/swipes?before=${encodeURIComponent(before)}`, "看更早的", "second")}${!isFirst && button("/swipes", "回到最新的", "second")}</div>`;
  return documentOf({ title: "我的消费记录", signedIn: keys, current: "/swipes", body });
}
