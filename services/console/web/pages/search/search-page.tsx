/** What was typed, what it can be, and what was found of each kind. */

import { useQuery } from "@tanstack/react-query";
import { Alert, Card, Flex, Input, Typography } from "antd";
import { Link } from "react-router-dom";
import { CASE_STATES } from "../../../../../schemas/case-transitions.js";
import type { SearchAnswer } from "../../../../../schemas/http/subjects.js";
import { SEARCH_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { EmptyState, QueryState } from "../../parts/page-state.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { filled, useWords } from "../../words/words.js";
import { SearchHits } from "./search-hits.js";
import { searchKindWords, searchWords } from "./search-words.js";

const TYPED_LENGTH_MAX = 128;

export default function SearchPage() {
  const words = useWords(searchWords);
  const [{ q = "" }, change] = useUrlQuery();
  const typed = q.trim().slice(0, TYPED_LENGTH_MAX);
  return (
    <>
      <PageHead title={words.title} />
      <Input.Search
        key={typed}
        enterButton
        size="large"
        defaultValue={typed}
        maxLength={TYPED_LENGTH_MAX}
        aria-label={words.label}
        placeholder={words.placeholder}
        onSearch={(text) => change({ q: text.trim() }, { push: true })}
      />
      {typed === "" ? <EmptyState>{words.hint}</EmptyState> : <Results typed={typed} />}
    </>
  );
}

function Results({ typed }: { readonly typed: string }) {
  const query = useQuery({
    queryKey: ["search", typed],
    queryFn: ({ signal }) => ask(SEARCH_ROUTES.search, { query: { q: typed }, signal }),
  });
  return (
    <div aria-live="polite" style={{ marginTop: 16 }}>
      <QueryState query={query}>{(answer) => <Answer typed={typed} answer={answer} />}</QueryState>
    </div>
  );
}

/** Four digits cannot be typed more completely: the queue has all cases of such cards, page by page. */
function CutNotice({ typed, isCardTail }: { readonly typed: string; readonly isCardTail: boolean }) {
  const words = useWords(searchWords);
  const link = (
    <Link to={`/queue?${new URLSearchParams({ text: typed, sort: "latest", state: CASE_STATES.join(",") })}`}>
      {words.allInQueue}
    </Link>
  );
  return <Alert type="info" showIcon title={words.cut} action={isCardTail ? link : undefined} />;
}

function Answer({ typed, answer }: { readonly typed: string; readonly answer: SearchAnswer }) {
  const words = useWords(searchWords);
  const kinds = useWords(searchKindWords);
  const { looksLike, hits, isCut, figuresAway } = answer;
  return (
    <Flex vertical gap={12}>
      <Typography.Text type="secondary">
        {filled(words.looksLike, { kinds: looksLike.map((kind) => kinds[kind]).join("、") })}
      </Typography.Text>
      {figuresAway && <Alert type="warning" showIcon title={words.away} />}
      {isCut && <CutNotice typed={typed} isCardTail={looksLike.includes("card-tail")} />}
      {hits.length === 0 ? (
        <Card>
          <EmptyState>{filled(words.none, { typed })}</EmptyState>
        </Card>
      ) : (
        <SearchHits hits={hits} />
      )}
    </Flex>
  );
}
