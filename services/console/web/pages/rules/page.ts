/** Rules: what they are, drafts, versions, long work. */

import { ControlOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

const reading = { permission: "rules.read" } as const;
const drafting = { permission: "rules.draft" } as const;

export const pages: readonly ConsolePage[] = [
  {
    ...reading,
    path: "/rules",
    title: { zh: "规则", en: "Rules" },
    menu: { group: "rules", order: 10, icon: ControlOutlined },
    load: () => import("./list/rule-list-page.js"),
  },
  {
    ...reading,
    path: "/rules/:rule",
    title: { zh: "规则详情", en: "Rule" },
    load: () => import("./list/rule-page.js"),
  },
  {
    ...reading,
    path: "/rules/versions",
    title: { zh: "规则版本", en: "Versions of the rules" },
    load: () => import("./versions/versions-page.js"),
  },
  {
    ...reading,
    path: "/rules/versions/:version",
    title: { zh: "规则版本", en: "A version of the rules" },
    load: () => import("./versions/version-page.js"),
  },
  {
    ...drafting,
    path: "/rules/drafts",
    title: { zh: "规则草稿", en: "Drafts of rules" },
    load: () => import("./editor/drafts-page.js"),
  },
  {
    ...drafting,
    path: "/rules/drafts/:draft",
    title: { zh: "编辑规则草稿", en: "Edit a draft of rules" },
    load: () => import("./editor/editor-page.js"),
  },
  {
    ...reading,
    path: "/rules/jobs",
    title: { zh: "规则后台任务", en: "Long work about rules" },
    load: () => import("./jobs/jobs-page.js"),
  },
  {
    ...reading,
    path: "/rules/jobs/:job",
    title: { zh: "规则后台任务", en: "Long work about rules" },
    load: () => import("./jobs/job-page.js"),
  },
  {
    ...reading,
    path: "/rules/breaker",
    title: { zh: "熔断", en: "Breaker" },
    load: () => import("./breaker-page.js"),
  },
];
