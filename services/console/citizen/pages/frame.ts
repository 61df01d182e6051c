/** What every page stands in. Pure. */

import { type Filling, Html, html } from "../html.js";
import { HOTLINE } from "../words.js";
import { STYLE_PATH } from "./style.js";

/** What forms of a page carry. */
export interface FormKeys {
  /** Of the session or visit. */
  readonly csrf: string;
  /** Of this page as it was shown: what is sent twice from it happens once. */
  readonly formId: string;
}

export interface Frame {
  readonly title: string;
  /** Null where nobody is signed in. */
  readonly signedIn: FormKeys | null;
  /** Address of the part of the navigation that this is. */
  readonly current?: string;
  readonly body: Html;
}

const PARTS: readonly (readonly [string, string])[] = [
  ["/case", "本次情况"],
  ["/cards", "我的卡"],
  ["/swipes", "消费记录"],
  ["/limits", "使用限制"],
  ["/appeals", "申诉"],
];

export function documentOf({ title, signedIn, current, body }: Frame): string {
  return `<!doctype html>
${
  html`<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="format-detection" content="telephone=no">
<title>${title} - 医保卡安全服务</title>
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body>
<a class="skip" href="#main">跳到正文</a>
<header><p>医保卡安全服务</p></header>
${signedIn !== null && navigation(signedIn, current)}
<main id="main">
<h1>${title}</h1>
${body}
</main>
<footer><div>
<p>医保热线 <a href="tel:${HOTLINE}">${HOTLINE}</a>，报警 <a href="tel:110">110</a>。</p>
<p>本页面不会向您要医保卡或银行卡的密码，也不会让您转账。</p>
</div></footer>
</body>
</html>`.text
}
`;
}

function navigation(keys: FormKeys, current: string | undefined): Html {
  return html`<nav aria-label="主要页面"><ul>
${PARTS.map(([path, words]) =>
  path === current
    ? html`<li><a href="${path}" aria-current="page">${words}</a></li>`
    : html`<li><a href="${path}">${words}</a></li>`,
)}
<li>${form("/leave", keys, html`<button>退出</button>`)}</li>
</ul></nav>`;
}

/** A form that changes something: always POST, always with its keys. */
export function form(action: string, { csrf, formId }: FormKeys, body: Html): Html {
  return html`<form method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="formId" value="${formId}">${body}</form>`;
}

export function field(of: {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | null;
  /** The input's further attributes; its id is the name, what describes it `name-about`. */
  readonly input: (attributes: Html) => Html;
}): Html {
  const hasAbout = of.hint !== undefined || (of.error ?? null) !== null;
  const attributes = html`id="${of.name}" name="${of.name}"${hasAbout && html` aria-describedby="${of.name}-about"`}${(of.error ?? null) !== null && html` aria-invalid="true" class="error-field"`}`;
  return html`<div class="field"><label for="${of.name}">${of.label}</label>
${hasAbout && html`<div id="${of.name}-about">${of.hint !== undefined && html`<p class="hint">${of.hint}</p>`}${(of.error ?? null) !== null && html`<p class="error">${of.error ?? ""}</p>`}</div>`}
${of.input(attributes)}</div>`;
}

export function note(kind: "plain" | "warn" | "good", body: Filling): Html {
  return html`<div class="note ${kind}"${kind === "warn" && html` role="alert"`}><p>${body}</p></div>`;
}

export function facts(rows: readonly (readonly [string, Filling] | null)[]): Html {
  return html`<dl>${rows.map((row) => row !== null && html`<dt>${row[0]}</dt><dd>${row[1]}</dd>`)}</dl>`;
}

export function button(path: string, words: string, kind: "first" | "second" | "warn" = "first"): Html {
  return html`<a class="button ${kind}" href="${path}">${words}</a>`;
}

/** Of several lines of people's or papers' text. */
export function paragraphs(text: string): Html {
  return html`${text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => html`<p>${line}</p>`)}`;
}

/** Nothing of anybody's is quoted in it. */
export const NOTHING = new Html("");
