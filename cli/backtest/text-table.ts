/** A table for a terminal: columns as wide as their widest cell, numbers to the right. */

export function textTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(String))];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  const isNumber = head.map((_, column) =>
    rows.every((row) => typeof row[column] === "number" || isFigure(String(row[column]))),
  );
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          isNumber[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function isFigure(text: string): boolean {
  return /^[-–\d][\d,.]*( %)?$/.test(text);
}

/** `1,234.50` yuan. */
export function yuan(fen: number): string {
  const [whole, cents] = (fen / 100).toFixed(2).split(".");
  return `${whole!.replace(/\B(?=(\d{3})+$)/g, ",")}.${cents}`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`;
}
