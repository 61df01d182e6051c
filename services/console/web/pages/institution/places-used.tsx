/** Terminals and operators in the latest swipes. */

import { Flex, Typography } from "antd";
import type { ReactNode } from "react";
import type { InstitutionDetail } from "../../../../../schemas/http/subjects.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { placeWords } from "../../parts/subjects/place-words.js";
import { TerminalLink } from "../../parts/subjects/subject-links.js";
import { filled, useWords } from "../../words/words.js";

export function PlacesUsed({ detail }: { readonly detail: InstitutionDetail }) {
  const words = useWords(placeWords);
  const { institutionId, terminals, operators, latest } = detail;
  return (
    <Flex vertical gap={16}>
      <Typography.Text type="secondary">
        {filled(words.ofLatest, { count: latest?.rows.length ?? 0 })}
      </Typography.Text>
      <Used
        title={words.terminals}
        rows={terminals}
        nameOf={(id) => <TerminalLink institutionId={institutionId} terminalId={id} />}
      />
      <Used title={words.operators} rows={operators} nameOf={(id) => id} />
    </Flex>
  );
}

function Used({
  title,
  rows,
  nameOf,
}: {
  readonly title: string;
  readonly rows: InstitutionDetail["terminals"];
  readonly nameOf: (id: string) => ReactNode;
}) {
  const words = useWords(placeWords);
  return (
    <>
      <PartTitle>{title}</PartTitle>
      <RowList
        label={title}
        rows={rows}
        keyOf={({ id }) => id}
        empty={words.none}
        columns={[
          { key: "id", title: words.number, of: ({ id }) => nameOf(id) },
          { key: "swipes", title: words.swipes, isNumber: true, of: ({ swipes }) => swipes },
          { key: "stopped", title: words.ofWhichStopped, isNumber: true, of: ({ stopped }) => stopped },
        ]}
      />
    </>
  );
}
