/** A terminal: its latest swipes, how many persons, findings, cases. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Card, Flex, Typography } from "antd";
import { useParams } from "react-router-dom";
import type { TerminalDetail } from "../../../../../schemas/http/subjects.js";
import { INSTITUTION_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { CaseRows } from "../../parts/subjects/case-rows.js";
import { FindingRows } from "../../parts/subjects/finding-rows.js";
import { DaysChoice, InstitutionSummary, PlaceSwipes } from "../../parts/subjects/place-parts.js";
import { placeWords } from "../../parts/subjects/place-words.js";
import { subjectWords } from "../../parts/subjects/subject-words.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { filled, useWords } from "../../words/words.js";

export default function TerminalPage() {
  const { institutionId = "", terminalId = "" } = useParams();
  const [{ days = "", after = "" }] = useUrlQuery();
  const query = useQuery({
    queryKey: ["terminal", institutionId, terminalId, days, after],
    queryFn: ({ signal }) =>
      ask(INSTITUTION_ROUTES.terminal, {
        path: { id: institutionId, terminal: terminalId },
        query: { days, after },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  return <QueryState query={query}>{(detail) => <Terminal detail={detail} />}</QueryState>;
}

function Terminal({ detail }: { readonly detail: TerminalDetail }) {
  const words = useWords(placeWords);
  const subjects = useWords(subjectWords);
  const { findings, cases, latest, persons } = detail;
  return (
    <>
      <PageHead title={`${subjects.terminal} ${detail.terminalId}`} actions={<DaysChoice />} />
      <Flex vertical gap={16}>
        <Card>
          <InstitutionSummary head={detail} isLinked />
          {latest !== null && (
            <Typography.Text>
              {words.persons} <strong>{persons}</strong>{" "}
              <Typography.Text type="secondary">
                ({filled(words.ofLatest, { count: latest.rows.length })})
              </Typography.Text>
            </Typography.Text>
          )}
        </Card>
        {findings.length > 0 && (
          <Card title={words.tabFindings}>
            <FindingRows findings={findings} />
          </Card>
        )}
        {cases.length > 0 && (
          <Card title={words.tabCases}>
            <CaseRows cases={cases} />
          </Card>
        )}
        <Card title={words.tabSwipes}>
          <PlaceSwipes page={latest} />
        </Card>
      </Flex>
    </>
  );
}
