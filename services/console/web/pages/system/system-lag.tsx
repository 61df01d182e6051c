/** How far each partition is read, and how far day proofs go. */

import { Flex } from "antd";
import type { SystemAnswer } from "../../../../../schemas/http/system.js";
import { PartTitle } from "../../parts/part-title.js";
import { RowList } from "../../parts/row-list.js";
import { useWords } from "../../words/words.js";
import { systemWords } from "./system-words.js";

export function SystemLag({ state }: { readonly state: SystemAnswer }) {
  const words = useWords(systemWords);
  const rows = [
    ...state.alerts.map((one) => ({ ...one, of: words.alertsLag })),
    ...(state.analytics ?? []).map(({ topic, ...one }) => ({ ...one, of: topic })),
  ];
  return (
    <Flex vertical gap={16}>
      <RowList
        label={words.lag}
        rows={rows}
        keyOf={({ of, partition }) => `${of} ${partition}`}
        columns={[
          { key: "of", title: words.consumer, of: ({ of }) => of },
          { key: "partition", title: words.partition, isNumber: true, of: ({ partition }) => partition },
          { key: "next", title: words.nextOffset, isNumber: true, of: ({ nextOffset }) => nextOffset },
          { key: "lag", title: words.lagRecords, isNumber: true, of: ({ lag }) => lag ?? words.unknown },
        ]}
      />
      <PartTitle>{words.proofs}</PartTitle>
      <RowList
        label={words.proofs}
        rows={state.proofs}
        keyOf={({ partition }) => String(partition)}
        empty={words.noProofs}
        columns={[
          { key: "partition", title: words.partition, isNumber: true, of: ({ partition }) => partition },
          { key: "lines", title: words.lines, isNumber: true, of: ({ lines }) => lines },
          {
            key: "proven",
            title: words.proven,
            isNumber: true,
            of: ({ provenOffset }) => provenOffset ?? "—",
          },
          { key: "lag", title: words.lagRecords, isNumber: true, of: ({ lag }) => lag ?? words.unknown },
          { key: "failure", title: words.failure, of: ({ failure }) => failure ?? "—" },
        ]}
      />
    </Flex>
  );
}
