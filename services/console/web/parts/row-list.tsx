/** Rows as a table where there is room, as a list of cards on a telephone. */

import { Card, Descriptions, Flex, Grid } from "antd";
import type { ReactNode } from "react";
import { EmptyState } from "./page-state.js";
import { WideTable } from "./wide-table.js";

export interface RowColumn<Row> {
  readonly key: string;
  readonly title: string;
  readonly of: (row: Row) => ReactNode;
  /** Numbers stand on the right. */
  readonly isNumber?: boolean;
}

export function RowList<Row extends object>({
  label,
  rows,
  columns,
  keyOf,
  empty,
}: {
  /** What the rows are, for who cannot see the heading above. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly RowColumn<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly empty?: ReactNode;
}) {
  const isWide = Grid.useBreakpoint().md ?? true;
  if (rows.length === 0) return <EmptyState>{empty}</EmptyState>;
  return isWide ? (
    <WideTable<Row>
      aria-label={label}
      size="small"
      dataSource={[...rows]}
      rowKey={keyOf}
      pagination={false}
      width="max-content"
      columns={columns.map(({ key, title, of, isNumber }) => ({
        key,
        title,
        render: (_: unknown, row: Row) => of(row),
        ...(isNumber === true && { align: "right" as const }),
      }))}
    />
  ) : (
    <Flex vertical gap={8} role="list" aria-label={label}>
      {rows.map((row) => (
        <Card key={keyOf(row)} size="small" role="listitem">
          <Descriptions
            size="small"
            column={1}
            items={columns.map(({ key, title, of }) => ({ key, label: title, children: of(row) }))}
          />
        </Card>
      ))}
    </Flex>
  );
}
