/** Which case the keys speak of, and which ones are selected. */

import { useState } from "react";
import type { QueueItem } from "../../../../../schemas/http/queue.js";

export function useCursor(items: readonly QueueItem[]) {
  const [activeId, setActiveId] = useState<string | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const index = Math.max(
    0,
    items.findIndex(({ caseId }) => caseId === activeId),
  );
  const active = items[index] ?? null;
  const chosen = items.filter(({ caseId }) => selected.has(caseId));
  return {
    active,
    selected,
    /** The selected ones that are there; where none is, the active one. */
    pressed: chosen.length > 0 ? chosen : active === null ? [] : [active],
    activate: setActiveId,
    move: (by: 1 | -1) => {
      // The first press goes to the first row, wherever the reader was.
      const isOnRow = document.activeElement?.closest("[data-case]") != null;
      const next = items[isOnRow ? index + by : index];
      if (next === undefined) return;
      setActiveId(next.caseId);
      document.querySelector<HTMLElement>(`[data-case="${CSS.escape(next.caseId)}"]`)?.focus();
    },
    toggle: (caseId: string) =>
      setSelected((before) => {
        const after = new Set(before);
        if (!after.delete(caseId)) after.add(caseId);
        return after;
      }),
    clear: () => setSelected(new Set()),
  };
}
