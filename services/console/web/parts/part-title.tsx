/** The heading of a part within a page. */

import { Typography } from "antd";
import type { ReactNode } from "react";

export function PartTitle({ children }: { readonly children: ReactNode }) {
  return (
    <Typography.Title level={2} style={{ fontSize: 16, margin: 0 }}>
      {children}
    </Typography.Title>
  );
}
