/** The holder's own limits. Pure. */

import type { HolderLimits } from "../citizen-desk.js";
import { html } from "../html.js";
import { HOTLINE } from "../words.js";
import { documentOf, type FormKeys, field, form, note } from "./frame.js";

export interface LimitsPage {
  readonly keys: FormKeys;
  readonly limits: HolderLimits;
  /** As it was typed, where it was not taken. */
  readonly dailyTyped: string | null;
  readonly error: string | null;
  readonly said: string | null;
}

export function limitsPage({ keys, limits, dailyTyped, error, said }: LimitsPage): string {
  const daily = dailyTyped ?? (limits.dailyFen === null ? "" : plainYuan(limits.dailyFen));
  const body = html`${said !== null && note("good", said)}
<p>您可以给自己的卡加上限制，别人拿到卡也刷不多。随时可以更改。</p>
${note("plain", "急诊抢救从来不受这些限制。超出限制的消费会被拦下，您可以先自费，保留票据，以后到经办机构报销。")}
<section>${form(
    "/limits",
    keys,
    html`<div class="choice"><input type="checkbox" id="homeOnly" name="homeOnly" value="yes"${limits.homeOnly && html` checked`}><label for="homeOnly">只在参保地使用<span class="hint">在外地看病、买药会被拦下。常去外地的请不要选。</span></label></div>
<div class="choice"><input type="checkbox" id="noNight" name="noNight" value="yes"${limits.noNight && html` checked`}><label for="noNight">夜里不使用<span class="hint">晚上 11 点到早上 6 点的消费会被拦下。</span></label></div>
${field({
  name: "daily",
  label: "每天最多用多少元",
  hint: "不限制就空着。当天加起来超过这个数，后面的消费会被拦下。",
  error,
  input: (attributes) =>
    html`<input ${attributes} type="text" inputmode="decimal" value="${daily}" maxlength="20" autocomplete="off">`,
})}
<button>保存</button>`,
  )}</section>
<p>不会设置？请拨 <a href="tel:${HOTLINE}">${HOTLINE}</a>。</p>`;
  return documentOf({ title: "使用限制", signedIn: keys, current: "/limits", body });
}

function plainYuan(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2);
}
