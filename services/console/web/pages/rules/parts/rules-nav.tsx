/** Between the pages of rules. */

import { Menu } from "antd";
import { Link, useLocation } from "react-router-dom";
import { useMay } from "../../../app/session.js";
import { useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";

export function RulesNav() {
  const words = useWords(rulesWords);
  const mayDraft = useMay("rules.draft");
  const { pathname } = useLocation();
  const places = [
    { path: "/rules", label: words.rules },
    { path: "/rules/versions", label: words.versions },
    ...(mayDraft ? [{ path: "/rules/drafts", label: words.drafts }] : []),
    { path: "/rules/jobs", label: words.jobs },
    { path: "/rules/breaker", label: words.breaker },
  ];
  const chosen = places.findLast(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return (
    <nav aria-label={words.rules} style={{ marginBottom: 12 }}>
      <Menu
        mode="horizontal"
        style={{ background: "transparent", borderBottom: "1px solid #e3e7ec" }}
        selectedKeys={chosen === undefined ? [] : [chosen.path]}
        items={places.map(({ path, label }) => ({ key: path, label: <Link to={path}>{label}</Link> }))}
      />
    </nav>
  );
}
