/** Analytics: one question a tab; what is asked stands in the address. */

import { Typography } from "antd";
import type { ComponentType } from "react";
import { useNavigate, useParams } from "react-router-dom";
import type { Permission } from "../../../../../schemas/console/access.js";
import { useSession } from "../../app/session.js";
import { PageHead } from "../../parts/page-head.js";
import { NoPermissionState, NotFoundState } from "../../parts/page-state.js";
import { PartTabs } from "../../parts/part-tabs.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { analyticsWords } from "./analytics-words.js";
import { AppealsView } from "./appeals-view.js";
import { InstitutionsView } from "./institutions-view.js";
import { MoneyView } from "./money-view.js";
import { PrecisionView } from "./precision-view.js";
import { RegionsView } from "./regions-view.js";
import { RowsView } from "./rows-view.js";
import { TrendView } from "./trend-view.js";

const VIEWS = ["trend", "regions", "institutions", "money", "precision", "appeals", "rows"] as const;
type View = (typeof VIEWS)[number];

const SHOWN: Readonly<Record<View, { readonly permission: Permission; readonly Shown: ComponentType }>> = {
  trend: { permission: "analytics.read", Shown: TrendView },
  regions: { permission: "analytics.read", Shown: RegionsView },
  institutions: { permission: "analytics.read", Shown: InstitutionsView },
  money: { permission: "analytics.read", Shown: MoneyView },
  precision: { permission: "analytics.read", Shown: PrecisionView },
  appeals: { permission: "appeals.read", Shown: AppealsView },
  rows: { permission: "cases.read", Shown: RowsView },
};
/** What narrows one figure narrows the next. */
const KEPT = ["from", "to", "care", "insured", "institutionKind", "kind"];

export default function AnalyticsPage() {
  const words = useWords(analyticsWords);
  const { view: asked = "trend" } = useParams();
  const { permissions } = useSession();
  const navigate = useNavigate();
  const [query] = useUrlQuery();
  const view = VIEWS.find((one) => one === asked);
  if (view === undefined) return <NotFoundState />;
  const { permission, Shown } = SHOWN[view];
  const open = (chosen: string) => {
    const kept = Object.entries(query).filter(([name]) => KEPT.includes(name));
    navigate(`/analytics/${chosen}?${new URLSearchParams(kept)}`);
  };
  return (
    <>
      <PageHead
        title={words.title}
        note={<Typography.Text type="secondary">{words.firstAnswers}</Typography.Text>}
      />
      <PartTabs
        label={words.title}
        open={view}
        onOpen={open}
        parts={VIEWS.filter((one) => permissions.includes(SHOWN[one].permission)).map((one) => ({
          key: one,
          label: words[one],
          children: one === view ? <Shown /> : null,
        }))}
      />
      {!permissions.includes(permission) && <NoPermissionState permission={permission} />}
    </>
  );
}
