import { LineChartOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

const title = { zh: "统计分析", en: "Analytics" } as const;
const load = () => import("./analytics-page.js");

export const pages: readonly ConsolePage[] = [
  {
    path: "/analytics",
    permission: "analytics.read",
    title,
    menu: { group: "figures", order: 0, icon: LineChartOutlined },
    load,
  },
  { path: "/analytics/:view", permission: null, title, load },
];
