import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/persons/:personKey",
    permission: "cases.read",
    title: { zh: "参保人", en: "Insured person" },
    load: () => import("./person-page.js"),
  },
];
