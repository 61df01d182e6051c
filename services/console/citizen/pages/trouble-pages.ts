/** Where something went wrong: what happened, that nothing is lost, what to do next. Pure. */

import { html } from "../html.js";
import { HOTLINE } from "../words.js";
import { button, documentOf, type FormKeys } from "./frame.js";

const CALL = html`<p>急着挂失或询问，现在就可以拨医保热线 <a href="tel:${HOTLINE}">${HOTLINE}</a>。</p>`;

/** @param typed what was sent with it, for whoever wrote it to copy. */
export function expiredPage(next: string, typed: string | null): string {
  const body = html`<section><p>为了安全，20 分钟没有操作，或进入满 2 小时，就会自动退出。已经保存的内容都在。</p>
<p>重新进入以后，会回到刚才的地方。</p>
<div class="actions">${button(`/?next=${encodeURIComponent(next)}`, "重新进入")}</div></section>
${
  typed !== null &&
  html`<section><h2>您刚才写的内容</h2><p>还没有保存。请先复制下来，进入以后再粘贴。</p>
<textarea aria-label="您刚才写的内容" readonly>${typed}</textarea></section>`
}
<section>${CALL}</section>`;
  return documentOf({ title: "您已自动退出", signedIn: null, body });
}

export function leftPage(): string {
  const body = html`<section><p>别人用这部手机或电脑，看不到您的信息了。</p>
<div class="actions">${button("/", "重新进入", "second")}</div></section>`;
  return documentOf({ title: "您已安全退出", signedIn: null, body });
}

export function notFoundPage(keys: FormKeys | null): string {
  const body = html`<section><p>这里没有您要找的内容。可能是地址不完整，也可能已经办结移走了。</p>
<div class="actions">${keys === null ? button("/", "到首页") : button("/case", "回到本次情况")}</div></section>
<section>${CALL}</section>`;
  return documentOf({ title: "没有找到", signedIn: keys, body });
}

/** @param again the page that was asked for; null: something was sent. */
export function awayPage(again: string | null): string {
  const body = html`<section>${
    again === null
      ? html`<p>系统暂时连不上。您刚才的操作可能还没有办成。</p>
<p>请过几分钟，按手机的“返回”，再按一次刚才的按钮。按两次也不会办重。</p>`
      : html`<p>系统暂时连不上。已经保存和提交的内容都在。请过几分钟再试。</p><div class="actions">${button(again, "再试一次")}</div>`
  }</section>
<section>${CALL}</section>`;
  return documentOf({ title: "系统正忙，请稍后再试", signedIn: null, body });
}

export function refusedPage(keys: FormKeys | null, said: string, back: string): string {
  const body = html`<section><p>${said}</p><div class="actions">${button(back, "返回")}</div></section><section>${CALL}</section>`;
  return documentOf({ title: "没有办成", signedIn: keys, body });
}

/** The form was not one of ours, or one of another session. */
export function stalePage(keys: FormKeys | null, back: string): string {
  const body = html`<section><p>这个页面打开得太久，或是从别处打开的，所以没有办理。</p>
<p>请打开最新的页面，再按一次。</p><div class="actions">${button(back, "打开最新的页面")}</div></section>`;
  return documentOf({ title: "请重新打开页面", signedIn: keys, body });
}
