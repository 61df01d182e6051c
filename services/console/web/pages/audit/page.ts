import { AuditOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/audit",
    permission: "audit.read",
    title: { zh: "审计日志", en: "Audit log" },
    menu: { group: "office", order: 20, icon: AuditOutlined },
    load: () => import("./audit-page.js"),
  },
];
