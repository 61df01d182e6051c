/**
 * A chart with what a picture lacks: a name for who does not see it, its numbers as a table, itself as a PNG.
 *
 * The chart follows its box; what is drawn is a pure description (…-option.ts), so that a test can read it.
 */

import { DownloadOutlined, TableOutlined } from "@ant-design/icons";
import { Button, Flex, Table, Tooltip } from "antd";
import type { ECElementEvent, EChartsCoreOption, EChartsType } from "echarts/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { filled, useWords } from "../../words/words.js";
import { chartWords } from "./chart-words.js";
import { init } from "./echarts.js";

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | ReactNode)[])[];
}

interface ChartProps {
  /** What it shows, in words; the PNG's name too. */
  readonly label: string;
  readonly height?: number;
  /** Asked again when the box has another size. */
  readonly option: EChartsCoreOption | ((canvas: { width: number; height: number }) => EChartsCoreOption);
  readonly table: ChartTable;
  readonly onPress?: (data: unknown, name: string) => void;
  readonly actions?: ReactNode;
}

/** Sharp on screens of twice the density, and in print. */
const PNG_PIXEL_RATIO = 2;

export function Chart({ label, height = 260, option, table, onPress, actions }: ChartProps) {
  const words = useWords(chartWords);
  const [isTable, setTable] = useState(false);
  const { box, chart } = useChart(option, onPress);
  return (
    <div>
      <Flex justify="flex-end" gap={4} wrap>
        {actions}
        <Tooltip title={words.asTable}>
          <Button
            size="small"
            type="text"
            icon={<TableOutlined />}
            aria-label={filled(words.tableOf, { label })}
            aria-pressed={isTable}
            onClick={() => setTable(!isTable)}
          />
        </Tooltip>
        <Tooltip title={words.asPng}>
          <Button
            size="small"
            type="text"
            icon={<DownloadOutlined />}
            aria-label={filled(words.pngOf, { label })}
            onClick={() => chart.current !== null && savePng(chart.current, label)}
          />
        </Tooltip>
      </Flex>
      <div
        ref={box}
        role="img"
        aria-label={label}
        style={{ height, width: "100%", display: isTable ? "none" : "block" }}
      />
      {isTable && <NumbersTable table={table} label={label} height={height} />}
    </div>
  );
}

function NumbersTable({
  table,
  label,
  height,
}: {
  readonly table: ChartTable;
  readonly label: string;
  readonly height: number;
}) {
  return (
    <Table
      size="small"
      aria-label={label}
      pagination={false}
      scroll={{ y: height - 40, x: "max-content" }}
      rowKey={(row) => row.at}
      dataSource={table.rows.map((cells, at) => ({ at, cells }))}
      columns={table.columns.map((title, at) => ({
        title,
        key: title,
        align: at === 0 ? "left" : "right",
        render: (_: unknown, row) => row.cells[at],
      }))}
    />
  );
}

function useChart(option: ChartProps["option"], onPress: ChartProps["onPress"]) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const latest = useRef({ option, onPress });
  latest.current = { option, onPress };
  useEffect(() => {
    const element = box.current!;
    const made = init(element);
    chart.current = made;
    made.on("click", ({ data, name }: ECElementEvent) => latest.current.onPress?.(data, name));
    const draw = () => {
      if (element.clientWidth === 0) return; // the table is shown instead
      made.resize();
      made.setOption(optionIn(element, latest.current.option), { notMerge: true });
    };
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element !== null && element.clientWidth > 0)
      chart.current?.setOption(optionIn(element, option), { notMerge: true });
  }, [option]);
  return { box, chart };
}

function optionIn(element: HTMLElement, option: ChartProps["option"]): EChartsCoreOption {
  if (typeof option !== "function") return option;
  return option({ width: element.clientWidth, height: element.clientHeight });
}

function savePng(chart: EChartsType, label: string): void {
  const drawn = chart.getDataURL({
    type: "png",
    pixelRatio: PNG_PIXEL_RATIO,
    backgroundColor: "#ffffff",
  });
  const bytes = Uint8Array.from(atob(drawn.slice(drawn.indexOf(",") + 1)), (sign) => sign.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/png" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${label}.png`;
  link.click();
  // The browser has taken it up by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
