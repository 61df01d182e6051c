import { TeamOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/accounts",
    permission: "accounts.manage",
    title: { zh: "账号与权限", en: "Accounts" },
    menu: { group: "office", order: 30, icon: TeamOutlined },
    load: () => import("./accounts-page.js"),
  },
];
