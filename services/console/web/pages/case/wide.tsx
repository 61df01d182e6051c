/** What is wider than a telephone: it scrolls by itself, with the keyboard too, and the page does not. */

import type { ReactNode } from "react";

/** Narrower than this a table of some columns cannot be read. */
const WIDTH_MIN = 560;

export function Wide({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached with the keyboard.
    <section aria-label={label} tabIndex={0} style={{ overflowX: "auto", overflowY: "hidden" }}>
      <div style={{ minWidth: WIDTH_MIN }}>{children}</div>
    </section>
  );
}
