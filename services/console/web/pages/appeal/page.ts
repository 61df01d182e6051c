import { AuditOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/appeals",
    permission: "appeals.read",
    title: { zh: "申诉", en: "Appeals" },
    menu: { group: "work", order: 30, icon: AuditOutlined },
    load: () => import("./appeals-page.js"),
  },
  {
    path: "/appeals/:appealId",
    permission: "appeals.read",
    title: { zh: "申诉办理", en: "Appeal" },
    load: () => import("./appeal-page.js"),
  },
];
