import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/sign-in",
    permission: null,
    title: { zh: "登录", en: "Sign in" },
    load: () => import("./sign-in-page.js"),
  },
];
