/**
 * Keys of the queue.
 *
 * 1. They do nothing while somebody types, chooses or has a window open, and nothing together with Ctrl, Alt or Meta: no key of
 *    the browser or of a screen reader is taken away.
 * 2. Enter opens a case only where the row itself has the focus: buttons and links keep theirs.
 */

import { useEffect, useRef } from "react";

export interface QueueKeys {
  readonly move: (by: 1 | -1) => void;
  readonly open: () => void;
  readonly assign: () => void;
  readonly triage: () => void;
  readonly select: () => void;
  readonly undo: () => void;
  readonly filter: () => void;
  readonly help: () => void;
}

const KEYS: Readonly<Record<string, (keys: QueueKeys) => void>> = {
  j: ({ move }) => move(1),
  k: ({ move }) => move(-1),
  o: ({ open }) => open(),
  a: ({ assign }) => assign(),
  t: ({ triage }) => triage(),
  x: ({ select }) => select(),
  u: ({ undo }) => undo(),
  "/": ({ filter }) => filter(),
  "?": ({ help }) => help(),
};

export function useQueueKeys(keys: QueueKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isElsewhere(event))
        return;
      if (event.key === "Enter") {
        if (event.target instanceof HTMLElement && event.target.dataset.case !== undefined)
          latest.current.open();
        return;
      }
      const does = KEYS[event.key];
      if (does === undefined) return;
      event.preventDefault();
      does(latest.current);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

const TYPING =
  'input:not([type="checkbox"]), textarea, select, [contenteditable], [role="combobox"], [role="dialog"]';

function isElsewhere({ target }: KeyboardEvent): boolean {
  if (document.querySelector(".ant-modal-wrap:not([style*='display: none'])") !== null) return true;
  return target instanceof HTMLElement && target.closest(TYPING) !== null;
}
