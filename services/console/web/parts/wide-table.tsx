/** A table that is moved sideways where the screen is narrower, with the keyboard too. */

import { Table, type TableProps } from "antd";

interface Props<Row> extends Omit<TableProps<Row>, "scroll"> {
  /** That it needs: pixels, or so much that nothing is broken. */
  readonly width?: number | "max-content";
}

export function WideTable<Row extends object>({ width, pagination, ...table }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse.
    // biome-ignore lint/a11y/useSemanticElements: a group of rows is no group of fields.
    <div role="group" tabIndex={0} style={{ overflowX: "auto" }}>
      <Table<Row>
        {...table}
        // At the end of its row the choice of a page would be out of sight on a telephone.
        pagination={pagination === false ? false : { placement: ["bottomStart"], ...pagination }}
        style={{ ...table.style, minWidth: width }}
      />
    </div>
  );
}
