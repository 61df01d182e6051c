/**
 * Parts of a page, of which one is open: tabs where they have room, a choice on a telephone (tabs that do not fit hide behind a
 * button that a screen reader does not find).
 */

import { Grid, Select, Tabs } from "antd";
import type { ReactNode } from "react";

export interface PagePart {
  readonly key: string;
  readonly label: string;
  readonly children: ReactNode;
}

export function PartTabs({
  label,
  open,
  parts,
  onOpen,
}: {
  /** What is chosen between, for who cannot see it. */
  readonly label: string;
  /** One that there is not is the first. */
  readonly open: string;
  readonly parts: readonly PagePart[];
  readonly onOpen: (key: string) => void;
}) {
  const isWide = Grid.useBreakpoint().md ?? true;
  const shown = parts.find(({ key }) => key === open) ?? parts[0]!;
  if (isWide)
    return (
      <Tabs
        activeKey={shown.key}
        onChange={onOpen}
        destroyOnHidden
        items={parts.map((part) => ({ ...part }))}
      />
    );
  return (
    <>
      <Select
        aria-label={label}
        value={shown.key}
        options={parts.map(({ key, label: name }) => ({ value: key, label: name }))}
        style={{ width: "100%", marginBottom: 16 }}
        onChange={onOpen}
      />
      {shown.children}
    </>
  );
}
