import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/institutions/:institutionId",
    permission: "cases.read",
    title: { zh: "定点医药机构", en: "Institution" },
    load: () => import("./institution-page.js"),
  },
];
