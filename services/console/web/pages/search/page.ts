import { SearchOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/search",
    permission: "cases.read",
    title: { zh: "综合查询", en: "Search" },
    menu: { group: "look-up", order: 10, icon: SearchOutlined },
    load: () => import("./search-page.js"),
  },
];
