import { RadarChartOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/findings",
    permission: "cases.read",
    title: { zh: "巡检发现", en: "Patrol findings" },
    menu: { group: "look-up", order: 20, icon: RadarChartOutlined },
    load: () => import("./findings-page.js"),
  },
  {
    path: "/findings/:findingId",
    permission: "cases.read",
    title: { zh: "巡检发现", en: "Patrol finding" },
    load: () => import("./finding-page.js"),
  },
];
