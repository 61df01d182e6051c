import { measuredWithText } from "../load/machine.js";
import type { Share, SinkComparison } from "./compare.js";
import type { SinkFigures } from "./measure.js";

/** The comparison as Markdown, a table of the database each. */
export function sinkText(comparison: SinkComparison): string {
  const { table, rows, blockRows, rounds, versions, sides } = comparison;
  return [
    `Table of the ${table}: ${rows} swipes, blocks of ${blockRows} rows, ${rounds} rounds; stored rows equal by hash`,
    `${measuredWithText(comparison)}; chdb ${versions.chdb}, @clickhouse/client ${versions.clickhouseClient}`,
    "",
    "| side | CPU µs a row: made | inserted | one merge | rows/s | bytes a row | longest stall ms | longest GC ms | peak RSS MB |",
    "|---|---|---|---|---|---|---|---|---|",
    line("client's insert of row objects", sides.objects),
    line("Native blocks", sides.native),
    "",
    `Processor time a row of blocks as a share of that of objects: inserted ${text(comparison.shareOfInsert)};`,
    `both made and inserted ${text(comparison.shareOfMadeAndInserted)}, and with one merge of all rows ${text(comparison.shareWithMerge)};`,
    `blocks made and inserted against objects inserted only ${text(comparison.shareMadeOfInsert)}`,
  ].join("\n");
}

function line(name: string, figures: SinkFigures): string {
  const { makeCpuUs, insertCpuUs, mergeCpuUs, rowsPerSecond, bytesPerRow, stallMs, gcLongestMs, rssPeakMb } =
    figures;
  const cells = [
    makeCpuUs,
    insertCpuUs,
    mergeCpuUs,
    rowsPerSecond,
    bytesPerRow ?? "–",
    stallMs,
    gcLongestMs,
    rssPeakMb,
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}

function text({ median, rounds }: Share): string {
  return `${median} (rounds ${rounds.join(", ")})`;
}
