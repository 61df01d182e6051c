/** A reconciliation in four numbers. */

import type { Reconciliation } from "../../services/analytics/reconciliation.js";

export interface RowCount {
  readonly logged: number;
  readonly rows: number;
}

export function reconciledRows({ partitions }: Reconciliation): { journal: RowCount; outcomes: RowCount } {
  return {
    journal: sumOf(partitions.map(({ journal }) => journal)),
    outcomes: sumOf(partitions.map(({ outcomes }) => outcomes)),
  };
}

function sumOf(counts: readonly RowCount[]): RowCount {
  return counts.reduce((sum, { logged, rows }) => ({ logged: sum.logged + logged, rows: sum.rows + rows }), {
    logged: 0,
    rows: 0,
  });
}
