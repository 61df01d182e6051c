import { DashboardOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/today",
    permission: "overview.read",
    title: { zh: "今日", en: "Today" },
    menu: { group: "work", order: 0, icon: DashboardOutlined },
    load: () => import("./today-page.js"),
  },
];
