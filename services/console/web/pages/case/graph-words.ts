/** What is linked with whom, and what its kinds are called. */

import type { CASE_PAGE_ROUTES } from "../../../../../schemas/http/case-page-routes.js";
import type { AnswerOf } from "../../app/ask.js";
import type { Words } from "../../words/words.js";

export type Graph = AnswerOf<typeof CASE_PAGE_ROUTES.graph>;
export type GraphNode = Graph["nodes"][number];
export type NodeKind = GraphNode["kind"];

export const nodeWords: Words<NodeKind> = {
  zh: { person: "参保人", institution: "定点医药机构", terminal: "终端", agent: "代办人" },
  en: { person: "Person", institution: "Institution", terminal: "Terminal", agent: "Agent" },
};
