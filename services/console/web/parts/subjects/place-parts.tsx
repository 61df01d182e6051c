/** What pages of institutions and of terminals share: head, range of time, rows of swipes. */

import { Alert, Button, Descriptions, Flex, Segmented } from "antd";
import type { DecisionPage } from "../../../../../schemas/http/figures.js";
import type { InstitutionHead } from "../../../../../schemas/http/subjects.js";
import { institutionKindWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { useUrlQuery } from "../url-state.js";
import { RegionName, Token } from "../values.js";
import { placeWords } from "./place-words.js";
import { InstitutionLink } from "./subject-links.js";
import { subjectWords } from "./subject-words.js";
import { SwipeRows } from "./swipe-rows.js";

const ID_SHOWN = 40;

export function InstitutionSummary({
  head,
  isLinked = false,
}: {
  readonly head: InstitutionHead;
  readonly isLinked?: boolean;
}) {
  const words = useWords(placeWords);
  const kinds = useWords(institutionKindWords);
  const subjects = useWords(subjectWords);
  const { institutionId, name, kind, region, chainId, isRegistered } = head;
  return (
    <>
      <Descriptions
        column={{ xs: 1, md: 2, xl: 4 }}
        items={[
          ...(isLinked
            ? [
                {
                  key: "name",
                  label: subjects.institution,
                  children: <InstitutionLink institutionId={institutionId} name={name} />,
                },
              ]
            : []),
          { key: "id", label: words.id, children: <Token value={institutionId} shown={ID_SHOWN} /> },
          { key: "kind", label: words.kind, children: kind === null ? "—" : kinds[kind] },
          { key: "region", label: words.region, children: <RegionName code={region} /> },
          { key: "chain", label: words.chain, children: chainId ?? "—" },
        ]}
      />
      {!isRegistered && <Alert type="info" showIcon title={words.unregistered} />}
    </>
  );
}

const DAYS_USUAL = "30";

export function DaysChoice() {
  const words = useWords(placeWords);
  const [{ days = DAYS_USUAL }, change] = useUrlQuery();
  return (
    <Segmented
      aria-label={words.days}
      value={days}
      options={[
        { value: "7", label: words.last7 },
        { value: "30", label: words.last30 },
        { value: "90", label: words.last90 },
      ]}
      onChange={(chosen) => change({ days: chosen === DAYS_USUAL ? "" : chosen, after: "" })}
    />
  );
}

/** Page by page by the address, so that a page of rows can be sent to a colleague. */
export function PlaceSwipes({ page }: { readonly page: DecisionPage | null }) {
  const words = useWords(placeWords);
  const subjects = useWords(subjectWords);
  const [{ after = "" }, change] = useUrlQuery();
  if (page === null) return <Alert type="warning" showIcon title={subjects.away} />;
  return (
    <Flex vertical gap={12}>
      <SwipeRows rows={page.rows} />
      <Flex justify="center" gap={8}>
        {after !== "" && <Button onClick={() => change({ after: "" }, { push: true })}>{words.newer}</Button>}
        {page.after !== null && (
          <Button onClick={() => change({ after: page.after! }, { push: true })}>{words.older}</Button>
        )}
      </Flex>
    </Flex>
  );
}
