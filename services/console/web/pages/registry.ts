/** Every page there is: each folder of pages/ that has a `page.ts`. */

import type { ConsolePage } from "./console-page.js";

const found = import.meta.glob<{ readonly pages: readonly ConsolePage[] }>("./*/page.ts", { eager: true });

export const PAGES: readonly ConsolePage[] = Object.values(found).flatMap(({ pages }) => pages);
