import { DashboardOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/system",
    permission: "system.read",
    title: { zh: "系统状态", en: "System" },
    menu: { group: "office", order: 30, icon: DashboardOutlined },
    load: () => import("./system-page.js"),
  },
];
