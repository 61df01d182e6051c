/** The case, cards, reports of loss, swipes and limits. */

import type { FastifyInstance } from "fastify";
import { AMOUNT_FEN_MAX, EVENT_ID_LENGTH_MAX } from "../../../../schemas/fields.js";
import type { CitizenParts } from "../citizen-parts.js";
import { casePage, swipesPage } from "../pages/case-pages.js";
import { limitsPage } from "../pages/limits-page.js";
import { cardsPage, lossDonePage, lossPage, REPORTABLE, type Reportable } from "../pages/loss-pages.js";
import { refusedPage } from "../pages/trouble-pages.js";
import { amountFenOf } from "../typed-text.js";
import { type Asked, changed, goOn, saidIn, sendNotFound, sendPage, shown } from "./answers.js";
import { bodyOf, ownPlace } from "./forms.js";

const SHOWN_DAYS = 90;
const DAY_MS = 86_400_000;
const PAGE_SWIPES = 10;
/** Of one case, as many as one page can be read. */
const CASE_SWIPES_MAX = 50;

export function addCaseRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const { desk } = parts;
  app.get(
    "/case",
    shown(parts, async ({ reply, session, keys, query }) => {
      const { personKey, caseId } = session;
      const page = { caseId, sinceMs: 0, before: null, limit: CASE_SWIPES_MAX };
      const [contact, { swipes }] = [await desk.contactOf(personKey), await desk.swipesOf(personKey, page)];
      const alerted = swipes.filter(({ isAlerted }) => isAlerted);
      return sendPage(
        reply,
        200,
        casePage({ keys, name: contact?.name ?? "", swipes: alerted, said: saidIn(query) }),
      );
    }),
  );
  app.post(
    "/answer",
    changed(
      parts,
      (request) => ownPlace(bodyOf(request).get("back")) || "/case",
      async ({ reply, session, keys, body, requestId }) => {
        const back = ownPlace(body.get("back")) || "/case";
        const answer = body.get("answer") === "mine" ? "mine" : "not-mine";
        const decisionId = body.get("swipe") ?? "";
        const { personKey, caseId } = session;
        const change = {
          requestId: `${requestId}-${answer}`,
          personKey,
          caseId,
          decisionId,
          answer,
        } as const;
        const result = await desk.answerSwipe(change);
        switch (result) {
          case "unknown":
            return sendNotFound(reply, keys);
          case "decided-already":
            return sendPage(reply, 409, refusedPage(keys, DECIDED_ALREADY, back));
          case "answered": {
            if (answer === "not-mine") return goOn(reply, `/loss?swipe=${encodeURIComponent(decisionId)}`);
            return goOn(reply, `${back}${back.includes("?") ? "&" : "?"}said=mine`);
          }
        }
      },
    ),
  );
  app.get(
    "/swipes",
    shown(parts, async ({ reply, session, keys, query, nowMs }) => {
      const before = query.get("before");
      const { swipes, before: next } = await desk.swipesOf(session.personKey, {
        caseId: session.caseId,
        sinceMs: nowMs - SHOWN_DAYS * DAY_MS,
        before: before === null ? null : before.slice(0, EVENT_ID_LENGTH_MAX * 2),
        limit: PAGE_SWIPES,
      });
      const here = before === null ? "/swipes" : ownPlace(`/swipes?before=${encodeURIComponent(before)}`);
      const isFirst = before === null;
      return sendPage(
        reply,
        200,
        swipesPage({ keys, swipes, before: next, here: here || "/swipes", isFirst, said: saidIn(query) }),
      );
    }),
  );
  app.get(
    "/cards",
    shown(parts, async ({ reply, session, keys, nowMs }) => {
      const cards = await desk.cardsOf(session.personKey, nowMs);
      const requests = await desk.lossRequestsOf(session.personKey);
      return sendPage(reply, 200, cardsPage({ keys, cards, requests }));
    }),
  );
  addLossRoutes(app, parts);
  addLimitsRoutes(app, parts);
}

const DECIDED_ALREADY =
  "这一笔工作人员已经处理过，这里不能再改。有不同意见，可以在“申诉”里说明，或拨 12393。";

function addLossRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const { desk } = parts;
  const swipeOf = async ({ session }: Asked, decisionId: string | null) =>
    decisionId === null || decisionId === ""
      ? null
      : await desk.swipeOf(session.personKey, session.caseId, decisionId);
  app.get(
    "/loss",
    shown(parts, async (asked) => {
      const { reply, keys, query } = asked;
      const swipe = await swipeOf(asked, query.get("swipe"));
      if (swipe === null && (query.get("swipe") ?? "") !== "") return sendNotFound(reply, keys);
      const chosen = REPORTABLE.find((one) => one === swipe?.credential) ?? "card";
      return sendPage(reply, 200, lossPage({ keys, swipe, chosen, error: null }));
    }),
  );
  app.post(
    "/loss",
    changed(
      parts,
      () => "/loss",
      async (sent) => {
        const { reply, session, keys, body, requestId } = sent;
        const swipe = await swipeOf(sent, body.get("swipe"));
        if (swipe === null && (body.get("swipe") ?? "") !== "") return sendNotFound(reply, keys);
        const credential: Reportable | undefined = REPORTABLE.find((one) => one === body.get("credential"));
        if (credential === undefined) {
          const error = "请先选择要挂失的是哪一个。";
          return sendPage(reply, 422, lossPage({ keys, swipe, chosen: "card", error }));
        }
        const request = await desk.reportLoss({
          requestId,
          personKey: session.personKey,
          credential,
          decisionId: swipe?.credential === credential ? swipe.decisionId : null,
        });
        return goOn(reply, `/loss/${encodeURIComponent(request.requestId)}`);
      },
    ),
  );
  app.get<{ Params: { requestId: string } }>("/loss/:requestId", async (request, reply) =>
    shown(parts, async ({ session, keys, nowMs }) => {
      const requests = await desk.lossRequestsOf(session.personKey);
      const found = requests.find(({ requestId }) => requestId === request.params.requestId);
      if (found === undefined) return sendNotFound(reply, keys);
      const { swipes } = await desk.swipesOf(session.personKey, {
        caseId: session.caseId,
        sinceMs: nowMs - SHOWN_DAYS * DAY_MS,
        before: null,
        limit: PAGE_SWIPES,
      });
      const hasNotMine = swipes.some(({ answer }) => answer === "not-mine");
      return sendPage(reply, 200, lossDonePage({ keys, request: found, hasNotMine }));
    })(request, reply),
  );
}

const DAILY_WRONG = "请填大于 0 的金额，例如 300 或 99.50；不限制就空着。";

function addLimitsRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const { desk } = parts;
  app.get(
    "/limits",
    shown(parts, async ({ reply, session, keys, query }) => {
      const limits = await desk.limitsOf(session.personKey);
      return sendPage(
        reply,
        200,
        limitsPage({ keys, limits, dailyTyped: null, error: null, said: saidIn(query) }),
      );
    }),
  );
  app.post(
    "/limits",
    changed(
      parts,
      () => "/limits",
      async ({ reply, session, keys, body, requestId }) => {
        const typed = (body.get("daily") ?? "").trim();
        const dailyFen = typed === "" ? null : amountFenOf(typed, AMOUNT_FEN_MAX);
        const limits = { homeOnly: body.has("homeOnly"), noNight: body.has("noNight"), dailyFen };
        if (typed !== "" && (dailyFen === null || dailyFen === 0)) {
          const page = { keys, limits, dailyTyped: typed.slice(0, 20), error: DAILY_WRONG, said: null };
          return sendPage(reply, 422, limitsPage(page));
        }
        await desk.setLimits({ requestId, personKey: session.personKey, limits });
        return goOn(reply, "/limits?said=saved");
      },
    ),
  );
}
