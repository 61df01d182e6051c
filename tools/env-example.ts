/** deploy/env.example: every setting of a distributed Kadun with its default, from the tables themselves. */

import { SETTING_GROUPS } from "../cli/distributed/settings.js";
import { type ListedSetting, listSettings } from "../platform/config/settings.js";

const HEAD = `# Settings of a distributed Kadun, one process for each role (docs/deploy.md). What is commented out has the default
# shown; an empty value is unset. Written by 'npm run generate' from the tables in cli/distributed/settings.ts.
`;

export function envExample(): string {
  const groups = SETTING_GROUPS.map(
    ({ title, table }) => `# --- ${title}\n${listSettings(table).map(settingLines).join("\n")}\n`,
  );
  return [HEAD, ...groups].join("\n");
}

function settingLines({ variable, fallback, help, expected, isSecret }: ListedSetting): string {
  const secret = isSecret ? " Secret." : "";
  const about = `# ${help}. Expected: ${expected}.${secret}`;
  return fallback === null ? `${about}\n${variable}=` : `${about}\n#${variable}=${fallback}`;
}
