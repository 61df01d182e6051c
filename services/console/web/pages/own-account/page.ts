import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/own-account",
    permission: null,
    title: { zh: "我的账号", en: "My account" },
    load: () => import("./own-account-page.js"),
  },
];
