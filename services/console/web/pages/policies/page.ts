/** Loss policies by city. */

import { SafetyCertificateOutlined } from "@ant-design/icons";
import type { ConsolePage } from "../console-page.js";

export const pages: readonly ConsolePage[] = [
  {
    path: "/policies",
    permission: "rules.read",
    title: { zh: "挂失政策", en: "Loss policies" },
    menu: { group: "rules", order: 20, icon: SafetyCertificateOutlined },
    load: () => import("./policies-page.js"),
  },
];
