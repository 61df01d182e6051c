/** A table that is moved sideways where the screen is narrower, with the keyboard too. */

import { Table, type TableProps } from "antd";

interface Props<Row> extends Omit<TableProps<Row>, "scroll"> {
  /** Pixels that it needs. */
  readonly width?: number;
}

export function WideTable<Row extends object>({ width, ...table }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse.
    // biome-ignore lint/a11y/useSemanticElements: a group of rows is no group of fields.
    <div role="group" tabIndex={0} style={{ overflowX: "auto" }}>
      <Table<Row> {...table} style={{ ...table.style, minWidth: width }} />
    </div>
  );
}
