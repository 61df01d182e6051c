/** Sums of the range, day by day, and the rules that hit. */

import { Alert, Flex, Statistic, Tag } from "antd";
import type { Figures } from "../../../../../schemas/http/figures.js";
import type { InstitutionDetail } from "../../../../../schemas/http/subjects.js";
import { EmptyState } from "../../parts/page-state.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { placeWords } from "../../parts/subjects/place-words.js";
import { subjectWords } from "../../parts/subjects/subject-words.js";
import { RuleTag } from "../../parts/tags.js";
import { Money, yuanText } from "../../parts/values.js";
import { useWords } from "../../words/words.js";

const DATE_LENGTH = 10;

export function InstitutionFigures({ detail }: { readonly detail: InstitutionDetail }) {
  const words = useWords(placeWords);
  const subjects = useWords(subjectWords);
  const { figures, figuresAway } = detail;
  if (figures === null)
    return figuresAway ? (
      <Alert type="warning" showIcon title={subjects.away} />
    ) : (
      <EmptyState>{words.noDays}</EmptyState>
    );
  return (
    <Flex vertical gap={16}>
      <Sums figures={figures.institution} />
      <PartTitle>{words.rules}</PartTitle>
      <RowList
        label={words.rules}
        rows={figures.rules}
        keyOf={({ rule, mode }) => `${rule} ${mode}`}
        empty={words.noRules}
        columns={[
          {
            key: "rule",
            title: words.rule,
            of: ({ rule, mode }) => (
              <>
                <RuleTag rule={rule} />
                {mode === "shadow" && <Tag>{words.shadow}</Tag>}
              </>
            ),
          },
          { key: "hits", title: words.hits, isNumber: true, of: ({ swipes }) => swipes },
          { key: "reject", title: words.reject, isNumber: true, of: ({ reject }) => reject },
          { key: "challenge", title: words.challenge, isNumber: true, of: ({ challenge }) => challenge },
          { key: "review", title: words.review, isNumber: true, of: ({ review }) => review },
        ]}
      />
      <PartTitle>{words.byDay}</PartTitle>
      <RowList
        label={words.byDay}
        rows={[...figures.days].reverse()}
        keyOf={({ day }) => day}
        empty={words.noDays}
        columns={[
          { key: "day", title: words.day, of: ({ day }) => day.slice(0, DATE_LENGTH) },
          { key: "swipes", title: words.swipes, isNumber: true, of: ({ swipes }) => swipes },
          { key: "reject", title: words.reject, isNumber: true, of: ({ reject }) => reject },
          { key: "challenge", title: words.challenge, isNumber: true, of: ({ challenge }) => challenge },
          { key: "review", title: words.review, isNumber: true, of: ({ review }) => review },
          {
            key: "stopped",
            title: words.stopped,
            isNumber: true,
            of: (day) => <Money fen={stoppedFen(day)} />,
          },
        ]}
      />
    </Flex>
  );
}

function Sums({ figures }: { readonly figures: Figures }) {
  const words = useWords(placeWords);
  return (
    <Flex wrap gap={24}>
      <Statistic title={words.swipes} value={figures.swipes} />
      <Statistic title={words.reject} value={figures.reject} />
      <Statistic title={words.challenge} value={figures.challenge} />
      <Statistic title={words.review} value={figures.review} />
      <Statistic title={words.atRisk} value={`¥${yuanText(figures.atRiskFen)}`} />
      <Statistic title={words.stopped} value={`¥${yuanText(stoppedFen(figures))}`} />
    </Flex>
  );
}

function stoppedFen({ challengedFen, rejectedFen }: Figures): number {
  return challengedFen + rejectedFen;
}
