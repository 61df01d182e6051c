/** Appeals: written, sent, followed. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type AppealView, CLAIMED_SWIPES_MAX, STATEMENT_LENGTH_MAX } from "../../../../schemas/appeal.js";
import type { AppealProblem } from "../citizen-desk.js";
import type { CitizenParts } from "../citizen-parts.js";
import {
  checkPage,
  claimPage,
  draftPage,
  pathOf,
  paymentPage,
  statementPage,
} from "../pages/appeal-draft-pages.js";
import {
  appealPage,
  appealsPage,
  isWithdrawable,
  REASONS_LENGTH_MAX,
  reconsiderationPage,
  withdrawPage,
} from "../pages/appeal-pages.js";
import { bankAccountOf, hasLuhnDigit } from "../typed-text.js";
import {
  type Asked,
  changed,
  goOn,
  isProblem,
  type Sent,
  saidIn,
  sendNotFound,
  sendPage,
  sendProblem,
  shown,
} from "./answers.js";

const SHOWN_DAYS = 90;
const DAY_MS = 86_400_000;
/** Longer is none of ours. */
const ID_LENGTH_MAX = 128;

/** The appeal of the address; null where this person has none of that id. */
export async function appealOf(
  { desk }: CitizenParts,
  { request, session }: Asked,
): Promise<AppealView | null> {
  const { appealId = "" } = request.params as { appealId?: string };
  if (appealId.length > ID_LENGTH_MAX) return null;
  return desk.appeals.find(session.personKey, appealId);
}

export function addAppealRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const { appeals } = parts.desk;
  app.get(
    "/appeals",
    shown(parts, async ({ reply, session, keys }) =>
      sendPage(reply, 200, appealsPage(keys, await appeals.list(session.personKey))),
    ),
  );
  app.post(
    "/appeals",
    changed(
      parts,
      () => "/appeals",
      async (sent) => {
        const opened = await appeals.open(sent.session.personKey, sent.session.caseId);
        return isProblem(opened)
          ? sendProblem(sent, opened, { back: "/appeals" })
          : goOn(sent.reply, pathOf(opened));
      },
    ),
  );
  const page = pagesOf(app, parts);
  page.show("", async ({ reply, keys, query }, appeal) => {
    const said = saidIn(query);
    return sendPage(
      reply,
      200,
      appeal.state === "draft" ? draftPage(keys, appeal, said) : appealPage(keys, appeal, said),
    );
  });
  addDraftSteps(page, parts);
  addSentSteps(page, parts);
  page.show("papers/:paperId", async (asked, appeal) => sendPaper(parts, asked, appeal));
}

interface AppealPages {
  show(step: string, show: (asked: Asked, appeal: AppealView) => Promise<FastifyReply>): void;
  change(step: string, change: (sent: Sent, appeal: AppealView) => Promise<FastifyReply>): void;
}

function pagesOf(app: FastifyInstance, parts: CitizenParts): AppealPages {
  const pathOfStep = (step: string) => `/appeals/:appealId${step === "" ? "" : `/${step}`}`;
  return {
    show: (step, show) => {
      app.get(
        pathOfStep(step),
        shown(parts, async (asked) => {
          const appeal = await appealOf(parts, asked);
          return appeal === null ? sendNotFound(asked.reply, asked.keys) : show(asked, appeal);
        }),
      );
    },
    change: (step, change) => {
      app.post(
        pathOfStep(step),
        changed(parts, pageBehind, async (sent) => {
          const appeal = await appealOf(parts, sent);
          return appeal === null ? sendNotFound(sent.reply, sent.keys) : change(sent, appeal);
        }),
      );
    },
  };
}

/** The page a form of an appeal stands on: its own address, or the appeal itself. */
function pageBehind(request: FastifyRequest): string {
  const path = request.url.split("?", 1)[0]!;
  const [, , appealId = "", step = ""] = path.split("/");
  return ["statement", "swipes", "payment", "documents", "reconsideration", "withdraw"].includes(step)
    ? `/appeals/${appealId}/${step}`
    : `/appeals/${appealId}`;
}

function addDraftSteps(page: AppealPages, parts: CitizenParts): void {
  const { desk } = parts;
  const draft = (show: (asked: Asked, appeal: AppealView) => Promise<FastifyReply>) => {
    return async (asked: Asked, appeal: AppealView) =>
      appeal.state === "draft" ? show(asked, appeal) : goOn(asked.reply, pathOf(appeal));
  };
  const saved = (sent: Sent, appeal: AppealView, result: Result, again: (text: string) => string) =>
    isProblem(result) ? sendProblem(sent, result, again) : goOn(sent.reply, `${pathOf(appeal)}?said=saved`);

  page.show(
    "statement",
    draft(async ({ reply, keys }, appeal) => sendPage(reply, 200, statementPage(keys, appeal, null, null))),
  );
  page.change("statement", async (sent, appeal) => {
    // Browsers send lines with two signs at their ends, and count one.
    const statement = (sent.body.get("statement") ?? "").replaceAll("\r\n", "\n").trim();
    const again = (text: string) => statementPage(sent.keys, appeal, statement, text);
    if (statement.length > STATEMENT_LENGTH_MAX)
      return sendPage(sent.reply, 422, again(tooLong(statement.length, STATEMENT_LENGTH_MAX)));
    const { personKey } = sent.session;
    return saved(sent, appeal, await desk.appeals.save(personKey, appeal.appealId, { statement }), again);
  });

  const claimable = async ({ session, nowMs }: Asked) => {
    const { personKey, caseId } = session;
    const range = { caseId, sinceMs: nowMs - SHOWN_DAYS * DAY_MS, before: null, limit: CLAIMED_SWIPES_MAX };
    const { swipes } = await desk.swipesOf(personKey, range);
    // What was stopped cost nothing; what only asked neither.
    return swipes.filter(({ kind, action }) => kind === "settle" && action !== "reject");
  };
  page.show(
    "swipes",
    draft(async (asked, appeal) =>
      sendPage(asked.reply, 200, claimPage(asked.keys, appeal, await claimable(asked), null)),
    ),
  );
  page.change("swipes", async (sent, appeal) => {
    const there = await claimable(sent);
    const chosen = new Set(sent.body.getAll("swipes"));
    const swipes = there.map(({ decisionId }) => decisionId).filter((id) => chosen.has(id));
    const again = (text: string) => claimPage(sent.keys, appeal, there, text);
    if (swipes.length === 0)
      return sendPage(sent.reply, 422, again("请至少勾选一笔。没有您要找的，请拨 12393。"));
    const { personKey } = sent.session;
    return saved(sent, appeal, await desk.appeals.save(personKey, appeal.appealId, { swipes }), again);
  });

  page.show(
    "payment",
    draft(async ({ reply, keys }, appeal) =>
      sendPage(reply, 200, paymentPage(keys, appeal, { account: "", error: null, doubt: null })),
    ),
  );
  page.change("payment", async (sent, appeal) => {
    const typed = (sent.body.get("account") ?? "").slice(0, 64).trim();
    const bankAccount = bankAccountOf(typed);
    const hasAgent = sent.body.has("hasAgent");
    const again = (error: string | null, doubt: string | null) =>
      paymentPage(sent.keys, { ...appeal, hasAgent }, { account: typed, error, doubt });
    if (typed !== "" && bankAccount === null)
      return sendPage(sent.reply, 422, again("银行账号是 12 到 19 位数字。请照银行卡再填一次。", null));
    if (bankAccount !== null && !hasLuhnDigit(bankAccount) && !sent.body.has("sure"))
      return sendPage(
        sent.reply,
        422,
        again(
          null,
          "这个账号和一般银行卡号的规律不一样，可能有一位填错了。请再核对；确实没错，请勾选后再保存。",
        ),
      );
    const change = bankAccount === null ? { hasAgent } : { hasAgent, bankAccount };
    const result = await desk.appeals.save(sent.session.personKey, appeal.appealId, change);
    return saved(sent, appeal, result, (text) => again(text, null));
  });

  page.show(
    "check",
    draft(async ({ reply, keys }, appeal) => sendPage(reply, 200, checkPage(keys, appeal, null))),
  );
  page.change("submit", async (sent, appeal) => {
    // The same form again, or "back" and once more: it is there already.
    if (appeal.state !== "draft") return goOn(sent.reply, pathOf(appeal));
    const { requestId, session } = sent;
    const result = await desk.appeals.submit(session.personKey, appeal.appealId, requestId);
    return isProblem(result)
      ? sendProblem(sent, result, (text) => checkPage(sent.keys, appeal, text))
      : goOn(sent.reply, `${pathOf(appeal)}?said=submitted`);
  });
}

type Result = AppealView | AppealProblem;

function tooLong(length: number, max: number): string {
  return `写了 ${length} 字，最多 ${max} 字，请删短一些。写不下的，可以拍照上传为“书面说明”。`;
}

function addSentSteps(page: AppealPages, { desk }: CitizenParts): void {
  page.change("supplement", async (sent, appeal) => {
    if (appeal.state !== "returned-for-more") return goOn(sent.reply, pathOf(appeal));
    const { session, requestId } = sent;
    return went(
      sent,
      appeal,
      "supplemented",
      await desk.appeals.supplement(session.personKey, appeal.appealId, requestId),
    );
  });
  page.show("withdraw", async ({ reply, keys }, appeal) =>
    isWithdrawable(appeal) ? sendPage(reply, 200, withdrawPage(keys, appeal)) : goOn(reply, pathOf(appeal)),
  );
  page.change("withdraw", async (sent, appeal) => {
    if (!isWithdrawable(appeal)) return goOn(sent.reply, pathOf(appeal));
    const { session, requestId } = sent;
    return went(
      sent,
      appeal,
      "withdrawn",
      await desk.appeals.withdraw(session.personKey, appeal.appealId, requestId),
    );
  });
  page.show("reconsideration", async ({ reply, keys }, appeal) =>
    appeal.state === "decided"
      ? sendPage(reply, 200, reconsiderationPage(keys, appeal, "", null))
      : goOn(reply, pathOf(appeal)),
  );
  page.change("reconsideration", async (sent, appeal) => {
    if (appeal.state !== "decided") return goOn(sent.reply, pathOf(appeal));
    const reasons = (sent.body.get("reasons") ?? "").replaceAll("\r\n", "\n").trim();
    const again = (text: string) => reconsiderationPage(sent.keys, appeal, reasons, text);
    if (reasons === "") return sendPage(sent.reply, 422, again("请写明您不同意的理由。"));
    if (reasons.length > REASONS_LENGTH_MAX)
      return sendPage(sent.reply, 422, again(tooLong(reasons.length, REASONS_LENGTH_MAX)));
    const { session, requestId } = sent;
    const result = await desk.appeals.askReconsideration(session.personKey, appeal.appealId, {
      requestId,
      reasons,
    });
    return isProblem(result)
      ? sendProblem(sent, result, again)
      : went(sent, appeal, "reconsideration", result);
  });
}

function went(sent: Sent, appeal: AppealView, said: string, result: Result): FastifyReply {
  return isProblem(result)
    ? sendProblem(sent, result, { back: pathOf(appeal) })
    : goOn(sent.reply, `${pathOf(appeal)}?said=${said}`);
}

async function sendPaper({ desk }: CitizenParts, asked: Asked, appeal: AppealView): Promise<FastifyReply> {
  const { paperId = "" } = asked.request.params as { paperId?: string };
  const paper = appeal.papers.find((one) => one.paperId === paperId);
  const content =
    paper === undefined ? null : await desk.appeals.paper(asked.session.personKey, appeal.appealId, paperId);
  if (paper === undefined || content === null) return sendNotFound(asked.reply, asked.keys);
  const name = encodeURIComponent(`${paper.title}-${paper.number}.pdf`);
  return asked.reply
    .type("application/pdf")
    .header("content-disposition", `attachment; filename="paper.pdf"; filename*=UTF-8''${name}`)
    .send(Buffer.from(content));
}
