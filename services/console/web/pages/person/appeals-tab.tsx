/** Appeals, and what the holder said of swipes. */

import { Flex } from "antd";
import { Link } from "react-router-dom";
import type { PersonAnswer } from "../../../../../schemas/http/subjects.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { CaseLink } from "../../parts/subjects/subject-links.js";
import { appealStateWords } from "../../parts/subjects/subject-words.js";
import { InstantText, Token } from "../../parts/values.js";
import { useWords } from "../../words/words.js";
import { personWords } from "./person-words.js";

export function AppealsTab({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  const states = useWords(appealStateWords);
  return (
    <Flex vertical gap={16}>
      <PartTitle>{words.appeals}</PartTitle>
      <RowList
        label={words.appeals}
        rows={person.appeals}
        keyOf={({ appealId }) => appealId}
        empty={words.noAppeals}
        columns={[
          {
            key: "number",
            title: words.number,
            of: ({ appealId, number }) => (
              <Link to={`/appeals/${encodeURIComponent(appealId)}`}>{number}</Link>
            ),
          },
          { key: "state", title: words.state, of: ({ state }) => states[state] },
          { key: "at", title: words.openedAt, of: ({ openedAt }) => <InstantText at={openedAt} /> },
        ]}
      />
      <PartTitle>{words.answers}</PartTitle>
      <RowList
        label={words.answers}
        rows={person.answers}
        keyOf={({ decisionId }) => decisionId}
        empty={words.noAnswers}
        columns={[
          { key: "answer", title: words.answer, of: ({ answer }) => <strong>{words[answer]}</strong> },
          { key: "at", title: words.answeredAt, of: ({ answeredAt }) => <InstantText at={answeredAt} /> },
          {
            key: "swipe",
            title: words.swipe,
            of: ({ decisionId }) => <Token value={decisionId} shown={24} />,
          },
          { key: "case", title: words.case, of: ({ caseId }) => <CaseLink caseId={caseId} /> },
        ]}
      />
    </Flex>
  );
}
