/** Settings of a role from its options and the environment, files read. */

import { readFileSync } from "node:fs";
import {
  listSettings,
  readSettings,
  SettingsError,
  type SettingsOf,
  type SettingsTable,
} from "../../platform/config/settings.js";
import { UsageError } from "../exit-status.js";

export type Given = Readonly<Record<string, string | boolean | undefined>>;

/** For `parseArgs`: the settings that may be given as options. */
export function optionsOf(table: SettingsTable): Record<string, { type: "string" }> {
  const names = listSettings(table).flatMap(({ option }) => (option === null ? [] : [option]));
  return Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
}

/** @throws UsageError, a line for each setting that is wrong. */
export function settingsFrom<Table extends SettingsTable>(
  table: Table,
  options: Given,
  environment: NodeJS.ProcessEnv,
): SettingsOf<Table> {
  try {
    return readSettings(table, { options, environment });
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(error.message);
    throw error;
  }
}

export function settingsHelp(table: SettingsTable): string {
  const listed = listSettings(table);
  const width = Math.max(...listed.map(({ variable }) => variable.length)) + 2;
  const lines = listed.map(({ variable, fallback, help }) => {
    const byDefault = fallback === null ? "required" : fallback === "" ? "none" : fallback;
    return `${variable.padEnd(width)}${help} (${byDefault})`;
  });
  return lines.join("\n");
}

/** The text of a file that a setting names; null where the setting is empty. @throws UsageError. */
export function fileOf(variable: string, path: string): string | null {
  if (path === "") return null;
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(
      `${variable}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code}); name a file that this user may read`,
    );
  }
}
