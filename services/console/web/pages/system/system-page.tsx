/** How Kadun is, and records that were refused. */

import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { Link } from "react-router-dom";
import { SYSTEM_ROUTES } from "../../../../../schemas/http/system-routes.js";
import { ask } from "../../app/ask.js";
import { useMay } from "../../app/session.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { PartTabs } from "../../parts/part-tabs.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { instantText } from "../../parts/values.js";
import { filled, useLanguage, useWords } from "../../words/words.js";
import { DeadLetters } from "./dead-letters.js";
import { SystemState } from "./system-state.js";
import { systemWords } from "./system-words.js";

const LOOK_EVERY_MS = 10_000;

export default function SystemPage() {
  const words = useWords(systemWords);
  const language = useLanguage();
  const mayManage = useMay("accounts.manage");
  const [{ tab = "state" }, change] = useUrlQuery();
  const query = useQuery({
    queryKey: ["system"],
    queryFn: ({ signal }) => ask(SYSTEM_ROUTES.system, { signal }),
    refetchInterval: LOOK_EVERY_MS,
  });
  return (
    <>
      <PageHead
        title={words.title}
        note={query.data && filled(words.asOf, { at: instantText(query.data.at, language) })}
        actions={
          <>
            {mayManage && <Link to="/accounts">{words.accounts}</Link>}
            <Button loading={query.isFetching} onClick={() => void query.refetch()}>
              {words.refresh}
            </Button>
          </>
        }
      />
      <PartTabs
        label={words.title}
        open={tab}
        onOpen={(chosen) => change({ tab: chosen })}
        parts={[
          {
            key: "state",
            label: words.tabState,
            children: <QueryState query={query}>{(state) => <SystemState state={state} />}</QueryState>,
          },
          { key: "letters", label: words.tabLetters, children: <DeadLetters /> },
        ]}
      />
    </>
  );
}
