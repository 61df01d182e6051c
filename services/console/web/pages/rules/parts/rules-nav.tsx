/** Between the pages of rules. */

import { Flex } from "antd";
import { Link, useLocation } from "react-router-dom";
import { useMay } from "../../../app/session.js";
import { useWords } from "../../../words/words.js";
import { rulesWords } from "../words.js";

const PLACE = { padding: "6px 10px", borderBottom: "2px solid transparent" } as const;
const HERE = { ...PLACE, borderBottomColor: "#1d4f91", fontWeight: 600 } as const;

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
  const here = places.findLast(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return (
    <nav aria-label={words.rules} style={{ marginBottom: 12, borderBottom: "1px solid #e3e7ec" }}>
      <Flex wrap gap={4}>
        {places.map(({ path, label }) => (
          <Link
            key={path}
            to={path}
            style={path === here?.path ? HERE : PLACE}
            aria-current={path === here?.path ? "page" : undefined}
          >
            {label}
          </Link>
        ))}
      </Flex>
    </nav>
  );
}
