/**
 * What a page's folder says of it. `pages/NAME/page.ts` exports `pages: readonly ConsolePage[]`; the registry finds it.
 * Nothing else of the folder is loaded before somebody opens the page.
 */

import type { ComponentType } from "react";
import type { Permission } from "../../../../schemas/console/access.js";
import type { Language } from "../words/words.js";

export const MENU_GROUPS = ["work", "look-up", "rules", "figures", "office"] as const;
export type MenuGroup = (typeof MENU_GROUPS)[number];

export interface ConsolePage {
  /** As react-router takes it: `/cases/:caseId`. */
  readonly path: string;
  /** null: whoever has signed in. */
  readonly permission: Permission | null;
  readonly title: Readonly<Record<Language, string>>;
  /** In the menu; pages of one thing (a case, a person) are reached from lists. */
  readonly menu?: { readonly group: MenuGroup; readonly order: number; readonly icon: ComponentType };
  readonly load: () => Promise<{ readonly default: ComponentType }>;
}
