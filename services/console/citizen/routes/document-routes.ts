/** The documents of an appeal: uploaded, taken away. While it is a draft, or when more was asked for. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import {
  type AppealView,
  DOCUMENT_BYTES_MAX,
  DOCUMENT_KINDS,
  DOCUMENTS_MAX,
} from "../../../../schemas/appeal.js";
import type { CitizenParts } from "../citizen-parts.js";
import { documentsPage, pathOf } from "../pages/appeal-draft-pages.js";
import { stalePage } from "../pages/trouble-pages.js";
import { checkDocument, REFUSAL_WORDS } from "../uploads/document-check.js";
import {
  type Asked,
  askedOf,
  changed,
  goOn,
  isProblem,
  saidIn,
  sendNotFound,
  sendPage,
  sendProblem,
  sendToDoor,
  shown,
} from "./answers.js";
import { appealOf } from "./appeal-routes.js";
import { isOurs } from "./forms.js";
import { shownName, Uploads } from "./upload.js";

const TOO_LARGE = `这个文件超过 ${DOCUMENT_BYTES_MAX >> 20} MB，没有上传。请用手机截屏，或在拍照设置里选小一些的尺寸，再上传。`;
const BUSY = "现在上传的人多，没有传上。请过一分钟再试。";
const NO_FILE = "还没有选择文件。请先选择照片或 PDF，再按“上传”。";
const FULL = `最多 ${DOCUMENTS_MAX} 个材料。要换，请先删除一个。`;

export function addDocumentRoutes(app: FastifyInstance, parts: CitizenParts): void {
  const uploads = new Uploads();
  app.get(
    "/appeals/:appealId/documents",
    shown(parts, async (asked) => {
      const appeal = await appealOf(parts, asked);
      if (appeal === null) return sendNotFound(asked.reply, asked.keys);
      if (!takesDocuments(appeal)) return goOn(asked.reply, pathOf(appeal));
      return sendPage(
        asked.reply,
        200,
        documentsPage(asked.keys, appeal, { error: null, said: saidIn(asked.query) }),
      );
    }),
  );
  app.post("/appeals/:appealId/documents", async (request, reply) => {
    const asked = await askedOf(parts, request, reply);
    const here = request.url.split("?", 1)[0]!;
    if (asked === null) return sendToDoor(parts, request, reply, { back: here, body: new URLSearchParams() });
    const appeal = await appealOf(parts, asked);
    if (appeal === null) return sendNotFound(reply, asked.keys);
    return takesDocuments(appeal)
      ? upload(parts, uploads, { asked, appeal, here })
      : goOn(reply, pathOf(appeal));
  });
  app.post(
    "/appeals/:appealId/documents/:documentId/remove",
    changed(parts, documentsBehind, async (sent) => {
      const appeal = await appealOf(parts, sent);
      if (appeal === null) return sendNotFound(sent.reply, sent.keys);
      const { documentId = "" } = sent.request.params as { documentId?: string };
      const { personKey } = sent.session;
      const isThere = appeal.documents.some((document) => document.documentId === documentId);
      // Removed already: as it was wished.
      const result = isThere
        ? await parts.desk.appeals.removeDocument(personKey, appeal.appealId, documentId)
        : appeal;
      return isProblem(result)
        ? sendProblem(sent, result, { back: pathOf(appeal, "documents") })
        : goOn(sent.reply, `${pathOf(appeal, "documents")}?said=removed`);
    }),
  );
}

function documentsBehind(request: FastifyRequest): string {
  return request.url.split("/").slice(0, 4).join("/");
}

function takesDocuments({ state }: AppealView): boolean {
  return state === "draft" || state === "returned-for-more";
}

async function upload(
  parts: CitizenParts,
  uploads: Uploads,
  { asked, appeal, here }: { asked: Asked; appeal: AppealView; here: string },
): Promise<FastifyReply> {
  const { request, reply, session, keys } = asked;
  const again = (status: number, error: string) =>
    sendPage(reply, status, documentsPage(keys, appeal, { error, said: null }));
  const read = await uploads.read(request, session.personKey);
  switch (read.kind) {
    case "busy":
      return again(503, BUSY);
    case "too-large":
      return again(413, TOO_LARGE);
    case "no-file":
    case "file": {
      if (!isOurs(parts, request, session.token, read.fields))
        return sendPage(reply, 403, stalePage(keys, here));
      if (read.kind === "no-file") return again(422, NO_FILE);
      if (appeal.documents.length >= DOCUMENTS_MAX) return again(422, FULL);
      const check = checkDocument(read.content);
      if (check.kind === "refused") return again(422, REFUSAL_WORDS[check.refusal]);
      const kind = DOCUMENT_KINDS.find((one) => one === read.fields.get("kind")) ?? "other";
      const { mediaType } = check;
      const document = { kind, name: shownName(read.name), mediaType, content: read.content };
      const result = await parts.desk.appeals.addDocument(session.personKey, appeal.appealId, document);
      return isProblem(result)
        ? sendProblem(asked, result, (error) => documentsPage(keys, appeal, { error, said: null }))
        : goOn(reply, `${here}?said=uploaded`);
    }
  }
}
