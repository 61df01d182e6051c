/** An appeal being written, step by step. Each step is saved by itself. Pure. */

import {
  type AppealView,
  DOCUMENT_BYTES_MAX,
  DOCUMENT_KINDS,
  DOCUMENTS_MAX,
  STATEMENT_LENGTH_MAX,
} from "../../../../schemas/appeal.js";
import type { HolderSwipe } from "../citizen-desk.js";
import { type Filling, type Html, html } from "../html.js";
import { DOCUMENT_WORDS, momentWords, yuanWords } from "../words.js";
import { button, documentOf, type FormKeys, facts, field, form, note, paragraphs } from "./frame.js";

const BYTES_PER_MB = 1 << 20;

interface Step {
  readonly path: string;
  readonly words: string;
  /** What there is of it; null: nothing yet. */
  readonly done: (appeal: AppealView) => string | null;
  readonly isNeeded: boolean;
}

export const DRAFT_STEPS: readonly Step[] = [
  {
    path: "swipes",
    words: "哪几笔不是您刷的",
    done: ({ swipes }) => (swipes.length === 0 ? null : `已选 ${swipes.length} 笔`),
    isNeeded: true,
  },
  {
    path: "statement",
    words: "说明经过",
    done: ({ statement }) => (statement === "" ? null : `已写 ${Array.from(statement).length} 字`),
    isNeeded: true,
  },
  {
    path: "documents",
    words: "上传材料",
    done: ({ documents }) => (documents.length === 0 ? null : `已上传 ${documents.length} 个`),
    isNeeded: false,
  },
  {
    path: "payment",
    words: "收款账户和代办人",
    done: ({ bankAccountTail }) => (bankAccountTail === null ? null : `尾号 ${bankAccountTail}`),
    isNeeded: false,
  },
];

export function pathOf({ appealId }: AppealView, step = ""): string {
  return `/appeals/${encodeURIComponent(appealId)}${step === "" ? "" : `/${step}`}`;
}

function draftDocument(keys: FormKeys, title: string, body: Html): string {
  return documentOf({ title, signedIn: keys, current: "/appeals", body });
}

export function draftPage(keys: FormKeys, appeal: AppealView, said: string | null): string {
  const body = html`${said !== null && note("good", said)}
<p>一步一步填写，每一步都会保存。中途离开，下次接着填。</p>
<section><ol>${DRAFT_STEPS.map(
    ({ path, words, done, isNeeded }) =>
      html`<li><a href="${pathOf(appeal, path)}">${words}</a><br>${done(appeal) ?? (isNeeded ? "必填，还没有填" : "选填")}</li>`,
  )}</ol></section>
<div class="actions">${button(pathOf(appeal, "check"), "核对并提交")}${button("/appeals", "以后再填", "second")}</div>`;
  return draftDocument(keys, "填写申诉", body);
}

export function statementPage(
  keys: FormKeys,
  appeal: AppealView,
  typed: string | null,
  error: string | null,
): string {
  const body = html`<section>${form(
    pathOf(appeal, "statement"),
    keys,
    html`${field({
      name: "statement",
      label: "请用自己的话说明",
      hint: `卡是什么时候、在哪里不见的；这几笔发生时您在哪里；有没有把卡交给别人、谁知道密码。最多 ${STATEMENT_LENGTH_MAX} 字。写得长请随时保存。`,
      error,
      input: (attributes) =>
        html`<textarea ${attributes} maxlength="${STATEMENT_LENGTH_MAX}">
${typed ?? appeal.statement}</textarea>`,
    })}<div class="actions"><button>保存</button>${button(pathOf(appeal), "返回", "second")}</div>`,
  )}</section>`;
  return draftDocument(keys, "说明经过", body);
}

export function claimPage(
  keys: FormKeys,
  appeal: AppealView,
  swipes: readonly HolderSwipe[],
  error: string | null,
): string {
  const chosen = new Set(appeal.swipes.map(({ decisionId }) => decisionId));
  const body = html`${error !== null && note("warn", error)}<section>${
    swipes.length === 0
      ? html`<p>最近 90 天没有可以申诉的消费。更早的请拨 12393 办理。</p>${button(pathOf(appeal), "返回", "second")}`
      : form(
          pathOf(appeal, "swipes"),
          keys,
          html`<fieldset><legend>勾选不是您本人刷的</legend>${swipes.map(
            (
              swipe,
              i,
            ) => html`<div class="choice"><input type="checkbox" id="s-${i}" name="swipes" value="${swipe.decisionId}"${(chosen.size === 0 ? swipe.answer === "not-mine" : chosen.has(swipe.decisionId)) && html` checked`}>
<label for="s-${i}">${yuanWords(swipe.totalFen)}<span class="hint">${momentWords(swipe.occurredAtMs)}，${swipe.place}，${swipe.institution}</span></label></div>`,
          )}</fieldset><div class="actions"><button>保存</button>${button(pathOf(appeal), "返回", "second")}</div>`,
        )
  }</section>`;
  return draftDocument(keys, "哪几笔不是您刷的", body);
}

export function paymentPage(
  keys: FormKeys,
  appeal: AppealView,
  typed: { account: string; error: string | null; doubt: string | null },
): string {
  const { bankAccountTail, hasAgent } = appeal;
  const body = html`${typed.doubt !== null && note("warn", typed.doubt)}<section>${form(
    pathOf(appeal, "payment"),
    keys,
    html`${field({
      name: "account",
      label: "参保人本人的银行账号",
      hint:
        bankAccountTail === null
          ? "退款用。12 到 19 位数字。不用填密码，我们也不会问密码。现在没有可以空着。"
          : `已保存，尾号 ${bankAccountTail}。要换才重新填，不换就空着。`,
      error: typed.error,
      input: (attributes) =>
        html`<input ${attributes} type="text" inputmode="numeric" value="${typed.account}" maxlength="32" autocomplete="off">`,
    })}
${typed.doubt !== null && html`<div class="choice"><input type="checkbox" id="sure" name="sure" value="yes"><label for="sure">我核对过了，账号就是这样</label></div>`}
<div class="choice"><input type="checkbox" id="hasAgent" name="hasAgent" value="yes"${hasAgent && html` checked`}><label for="hasAgent">请别人代办<span class="hint">要在“上传材料”里上传委托书，和代办人的身份证件。</span></label></div>
<div class="actions"><button>保存</button>${button(pathOf(appeal), "返回", "second")}</div>`,
  )}</section>`;
  return draftDocument(keys, "收款账户和代办人", body);
}

export function documentsPage(
  keys: FormKeys,
  appeal: AppealView,
  { error, said }: { error: string | null; said: string | null },
): string {
  const { documents } = appeal;
  const isFull = documents.length >= DOCUMENTS_MAX;
  const upload = html`<form method="post" action="${pathOf(appeal, "documents")}" enctype="multipart/form-data"><input type="hidden" name="csrf" value="${keys.csrf}"><input type="hidden" name="formId" value="${keys.formId}">
${field({
  name: "kind",
  label: "这是什么材料",
  input: (attributes) =>
    html`<select ${attributes}>${DOCUMENT_KINDS.map((kind) => html`<option value="${kind}">${DOCUMENT_WORDS[kind]}</option>`)}</select>`,
})}
${field({
  name: "file",
  label: "选择文件或拍照",
  hint: `照片（JPEG、PNG）或 PDF，每个不超过 ${DOCUMENT_BYTES_MAX / BYTES_PER_MB} MB，最多 ${DOCUMENTS_MAX} 个。`,
  input: (attributes) =>
    html`<input ${attributes} type="file" accept="image/jpeg,image/png,application/pdf" required>`,
})}<button>上传</button></form>`;
  const body = html`${error !== null && note("warn", error)}${said !== null && note("good", said)}
<section><h2>已上传</h2>${
    documents.length === 0
      ? html`<p>还没有。报过警的，请上传报警回执：它对申诉很重要。没有报警也可以先申诉。</p>`
      : html`<ul>${documents.map(
          ({ documentId, name, kind, bytes }) =>
            html`<li>${DOCUMENT_WORDS[kind]}：${name}（${sizeWords(bytes)}）${form(pathOf(appeal, `documents/${encodeURIComponent(documentId)}/remove`), keys, html`<button class="second" aria-label="删除 ${name}">删除</button>`)}</li>`,
        )}</ul>`
  }</section>
<section><h2>添加材料</h2>${isFull ? html`<p>已经有 ${DOCUMENTS_MAX} 个了。要换，请先删除一个。</p>` : upload}</section>
<div class="actions">${button(pathOf(appeal), "好了，返回", "second")}</div>`;
  return draftDocument(keys, "上传材料", body);
}

function sizeWords(bytes: number): string {
  return bytes < BYTES_PER_MB ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / BYTES_PER_MB).toFixed(1)} MB`;
}

export function checkPage(keys: FormKeys, appeal: AppealView, error: string | null): string {
  const missing = DRAFT_STEPS.filter(({ isNeeded, done }) => isNeeded && done(appeal) === null);
  const agentLacks =
    appeal.hasAgent && !appeal.documents.some(({ kind }) => kind === "authorisation")
      ? "您选了请人代办，还没有上传委托书。可以先提交，工作人员会请您补。"
      : null;
  const lines: (readonly [string, Filling])[] = [
    [
      "申诉的消费",
      html`${appeal.swipes.map(({ occurredAt, totalFen }) => html`${momentWords(Date.parse(occurredAt))}　${yuanWords(totalFen)}<br>`)}`,
    ],
    ["材料", appeal.documents.length === 0 ? "没有" : appeal.documents.map(({ name }) => html`${name}<br>`)],
    ["收款账户", appeal.bankAccountTail === null ? "没有填" : `尾号 ${appeal.bankAccountTail}`],
    ["代办", appeal.hasAgent ? "请别人代办" : "本人办理"],
  ];
  const body = html`${error !== null && note("warn", error)}${agentLacks !== null && note("plain", agentLacks)}
<section>${facts(lines)}${appeal.statement !== "" && html`<h2>经过</h2>${paragraphs(appeal.statement)}`}</section>
${
  missing.length > 0
    ? html`<section><h2>还差</h2><ul>${missing.map(({ path, words }) => html`<li><a href="${pathOf(appeal, path)}">${words}</a></li>`)}</ul></section>`
    : html`<section><p>提交以后不能再改。需要补充的，工作人员会发短信告诉您。</p><p>请如实填写。</p>${form(pathOf(appeal, "submit"), keys, html`<div class="actions"><button>提交申诉</button>${button(pathOf(appeal), "返回修改", "second")}</div>`)}</section>`
}`;
  return draftDocument(keys, "核对并提交", body);
}
