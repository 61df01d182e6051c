import { AlertOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/queue",
    permission: "cases.read",
    title: { zh: "预警队列", en: "Alert queue" },
    menu: { group: "work", order: 10, icon: AlertOutlined },
    load: () => import("./queue-page.js"),
  },
];
