import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/welcome",
    permission: null,
    title: { zh: "设置密码", en: "Choose a password" },
    load: () => import("./welcome-page.js"),
  },
];
