import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/cases/:caseId",
    permission: "cases.read",
    title: { zh: "案件", en: "Case" },
    load: () => import("./case-page.js"),
  },
];
