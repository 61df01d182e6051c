import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/institutions/:institutionId/terminals/:terminalId",
    permission: "cases.read",
    title: { zh: "终端", en: "Terminal" },
    load: () => import("./terminal-page.js"),
  },
];
