/** Entering: the case's code and the ID ending, then the code that came by SMS. Pure. */

import { html } from "../html.js";
import { clockWords, HOTLINE, momentWords } from "../words.js";
import { button, documentOf, type FormKeys, field, form, note } from "./frame.js";

export interface EntryPage {
  readonly keys: FormKeys;
  /** Typed before; never the ID ending. */
  readonly code: string;
  readonly codeError: string | null;
  readonly last4Error: string | null;
  /** Where to go on afterwards; empty: the case. */
  readonly next: string;
  readonly said: string | null;
}

export function entryPage({ keys, code, codeError, last4Error, next, said }: EntryPage): string {
  const body = html`${said !== null && note("warn", said)}
<section>${form(
    "/entry",
    keys,
    html`<input type="hidden" name="next" value="${next}">
${field({
  name: "code",
  label: "短信里的编号",
  hint: "8 位字母和数字，例如 K7M2-Q9XW。大小写都可以，横线可以不填。",
  error: codeError,
  input: (attributes) =>
    html`<input ${attributes} type="text" value="${code}" maxlength="32" autocomplete="off" autocapitalize="characters" spellcheck="false" required>`,
})}
${field({
  name: "last4",
  label: "身份证号码最后四位",
  hint: "最后一位是 X 的，填 X。",
  error: last4Error,
  input: (attributes) =>
    html`<input ${attributes} type="text" maxlength="12" autocomplete="off" autocapitalize="characters" spellcheck="false" required>`,
})}
<button>下一步：收短信验证码</button>`,
  )}</section>
<section><h2>没有编号？</h2>
<p>编号在我们发给您的短信里。找不到短信，请拨医保热线 <a href="tel:${HOTLINE}">${HOTLINE}</a>，工作人员可以帮您查询和挂失。</p>
<p>卡丢了、钱正在被刷，不用等：现在就拨 <a href="tel:${HOTLINE}">${HOTLINE}</a> 挂失。</p></section>`;
  return documentOf({ title: "查看您的医保卡情况", signedIn: null, body });
}

export interface CodePage {
  readonly keys: FormKeys;
  readonly error: string | null;
  /** When another can be sent; null: now. */
  readonly againAtMs: number | null;
  readonly next: string;
}

export function codePage({ keys, error, againAtMs, next }: CodePage): string {
  const body = html`<section>${form(
    "/code",
    keys,
    html`<input type="hidden" name="next" value="${next}">
<p>编号和证件号都对得上的话，一分钟内会有短信发到您在医保登记的手机上。</p>
${field({
  name: "oneTimeCode",
  label: "短信验证码",
  hint: "6 位数字，5 分钟内有效。不要告诉任何人。",
  error,
  input: (attributes) =>
    html`<input ${attributes} type="text" inputmode="numeric" maxlength="16" autocomplete="one-time-code" required>`,
})}
<button>进入</button>`,
  )}</section>
<section><h2>没有收到短信？</h2>
${
  againAtMs === null
    ? form(
        "/code/again",
        keys,
        html`<input type="hidden" name="next" value="${next}"><button class="second">再发一次</button>`,
      )
    : html`<p>${momentWords(againAtMs)} 以后可以再发一次。到时请<a href="/code?next=${encodeURIComponent(next)}">刷新本页</a>。</p>`
}
<ul>
<li>请看看是不是被手机拦截到“骚扰短信”或“通知短信”里了。</li>
<li>编号或身份证后四位填错了，也收不到。<a href="/">重新填写</a></li>
<li>手机号换了，请拨 <a href="tel:${HOTLINE}">${HOTLINE}</a> 更改。</li>
</ul></section>`;
  return documentOf({ title: "输入短信验证码", signedIn: null, body });
}

export function lockedPage(untilMs: number): string {
  const body = html`${note("warn", html`为了保护您的信息，请在 <strong>${momentWords(untilMs)}</strong> 以后再试。`)}
<section><p>尝试的次数太多，这里暂时不能进入。急着挂失或查询，现在就可以拨医保热线 <a href="tel:${HOTLINE}">${HOTLINE}</a>，不受影响。</p>
<div class="actions">${button("/", `${clockWords(untilMs)} 以后从这里重新开始`, "second")}</div></section>`;
  return documentOf({ title: "请稍后再试", signedIn: null, body });
}
