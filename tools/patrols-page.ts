/** docs/patrols.md: what patrols are, how they run, and which there are; each has a page of its own (patrol-pages.ts). */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../cli/package-root.js";
import { loadPatrols } from "../cli/process/patrols-process.js";
import { PATROLS } from "../services/alerts/patrol/registry.js";

export function patrolsText(): string {
  return `${readFileSync(join(packageRoot, "tools", "patrols-page.md"), "utf8")}
## The patrols
${patrolTable("rules/")}`;
}

/** @param folder of the pages, seen from the page that the table is on. */
export function patrolTable(folder: "" | "rules/"): string {
  const settings = loadPatrols("").patrols;
  const rows = PATROLS.map(
    ({ id, name, subjectKinds, sees }) =>
      `| [${id}](${folder}${id}.md) | ${name} | ${settings[id].severity} | ${subjectKinds.join(", ")} | ${sees.en} |`,
  );
  return `| patrol | name | severity | subject | sees |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}
