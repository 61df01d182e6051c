/** An institution: register, figures by day, rules that hit, swipes, terminals and operators, findings, cases. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Card, Flex } from "antd";
import { useParams } from "react-router-dom";
import type { InstitutionDetail } from "../../../../../schemas/http/subjects.js";
import { INSTITUTION_ROUTES } from "../../../../../schemas/http/subjects-routes.js";
import { ask } from "../../app/ask.js";
import { PageHead } from "../../parts/page-head.js";
import { QueryState } from "../../parts/page-state.js";
import { PartTabs } from "../../parts/part-tabs.js";
import { CaseRows } from "../../parts/subjects/case-rows.js";
import { FindingRows } from "../../parts/subjects/finding-rows.js";
import { DaysChoice, InstitutionSummary, PlaceSwipes } from "../../parts/subjects/place-parts.js";
import { placeWords } from "../../parts/subjects/place-words.js";
import { subjectWords } from "../../parts/subjects/subject-words.js";
import { useUrlQuery } from "../../parts/url-state.js";
import { useWords } from "../../words/words.js";
import { InstitutionFigures } from "./institution-figures.js";
import { PlacesUsed } from "./places-used.js";

export default function InstitutionPage() {
  const { institutionId = "" } = useParams();
  const [{ days = "", after = "" }] = useUrlQuery();
  const query = useQuery({
    queryKey: ["institution", institutionId, days, after],
    queryFn: ({ signal }) =>
      ask(INSTITUTION_ROUTES.institution, { path: { id: institutionId }, query: { days, after }, signal }),
    placeholderData: keepPreviousData,
  });
  return <QueryState query={query}>{(detail) => <Institution detail={detail} />}</QueryState>;
}

function Institution({ detail }: { readonly detail: InstitutionDetail }) {
  const words = useWords(placeWords);
  const subjects = useWords(subjectWords);
  const [{ tab = "figures" }, change] = useUrlQuery();
  const { findings, cases } = detail;
  return (
    <>
      <PageHead title={<bdi>{detail.name ?? detail.institutionId}</bdi>} actions={<DaysChoice />} />
      <Flex vertical gap={16}>
        <Card>
          <InstitutionSummary head={detail} />
        </Card>
        <Card>
          <PartTabs
            label={subjects.institution}
            open={tab}
            onOpen={(chosen) => change({ tab: chosen })}
            parts={[
              { key: "figures", label: words.tabFigures, children: <InstitutionFigures detail={detail} /> },
              { key: "swipes", label: words.tabSwipes, children: <PlaceSwipes page={detail.latest} /> },
              { key: "places", label: words.tabPlaces, children: <PlacesUsed detail={detail} /> },
              {
                key: "findings",
                label: `${words.tabFindings} (${findings.length})`,
                children: <FindingRows findings={findings} />,
              },
              {
                key: "cases",
                label: `${words.tabCases} (${cases.length})`,
                children: <CaseRows cases={cases} />,
              },
            ]}
          />
        </Card>
      </Flex>
    </>
  );
}
