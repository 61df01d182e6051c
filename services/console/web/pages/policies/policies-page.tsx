/** Loss policies: what is in force by city, what decides for a region, what the sources say beside it. */

import { useQuery } from "@tanstack/react-query";
import { Button, Tabs } from "antd";
import { Link } from "react-router-dom";
import { RULES_CONSOLE_ROUTES as ROUTES } from "../../../../../schemas/http/rules-console-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { InForce } from "./in-force.js";
import { PolicyLookupForm } from "./policy-lookup.js";
import { policyWords } from "./policy-words.js";
import { Sources } from "./sources.js";

export default function PoliciesPage() {
  const words = useWords(policyWords);
  const [query, change] = useUrlQuery();
  const policies = useQuery({
    queryKey: ["rules", "policies"],
    queryFn: ({ signal }) => ask(ROUTES.policies, { signal }),
  });
  return (
    <>
      <PageHead
        title={words.title}
        note={words.note}
        actions={
          <Link to="/rules/jobs?kind=gaps">
            <Button>{words.toGaps}</Button>
          </Link>
        }
      />
      <QueryState query={policies}>
        {(answer) => (
          <Tabs
            activeKey={query.tab ?? "in-force"}
            onChange={(tab) => change({ tab: tab === "in-force" ? "" : tab })}
            items={[
              { key: "in-force", label: words.inForce, children: <InForce policies={answer} /> },
              { key: "lookup", label: words.lookup, children: <PolicyLookupForm policies={answer} /> },
              { key: "sources", label: words.sources, children: <Sources facts={answer.facts} /> },
            ]}
          />
        )}
      </QueryState>
    </>
  );
}
