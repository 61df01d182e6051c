/** How the person's cards stand, and losses that the holder reported on the page. */

import { Flex } from "antd";
import type { PersonAnswer } from "../../../../../schemas/http/subjects.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { InstantText } from "../../parts/values.js";
import { credentialWords } from "../../words/domain.js";
import { useWords } from "../../words/words.js";
import { personWords, standingWords } from "./person-words.js";

export function CardsTab({ person }: { readonly person: PersonAnswer }) {
  const words = useWords(personWords);
  const standings = useWords(standingWords);
  const credentials = useWords(credentialWords);
  return (
    <Flex vertical gap={16}>
      <PartTitle>{words.cards}</PartTitle>
      <RowList
        label={words.cards}
        rows={person.cards}
        keyOf={({ credential, cardTail }) => `${credential} ${cardTail}`}
        empty={words.noCards}
        columns={[
          { key: "credential", title: words.credential, of: ({ credential }) => credentials[credential] },
          { key: "tail", title: words.tail, of: ({ cardTail }) => cardTail ?? "—" },
          {
            key: "standing",
            title: words.standing,
            of: ({ standing }) => <strong>{standings[standing]}</strong>,
          },
          { key: "since", title: words.since, of: ({ since }) => <InstantText at={since} /> },
          {
            key: "lapses",
            title: words.lapses,
            of: ({ report }) => (
              <>
                <InstantText at={report?.expiresAtMax ?? null} />
                {report?.calendarUncertain === true && words.uncertain}
              </>
            ),
          },
        ]}
      />
      <PartTitle>{words.reports}</PartTitle>
      <RowList
        label={words.reports}
        rows={person.lossRequests}
        keyOf={({ requestId }) => requestId}
        empty={words.noReports}
        columns={[
          { key: "at", title: words.requestedAt, of: ({ requestedAt }) => <InstantText at={requestedAt} /> },
          { key: "bureau", title: words.bureau, of: ({ status }) => words[status] },
          { key: "receipt", title: words.receipt, of: ({ receiptNo }) => receiptNo ?? "—" },
          {
            key: "effective",
            title: words.effectiveAt,
            of: ({ effectiveAt }) => <InstantText at={effectiveAt} />,
          },
        ]}
      />
    </Flex>
  );
}
