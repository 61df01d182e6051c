/**
 * Settings of a process as one table: option, else environment, else default, else an error at the start. An empty
 * string is unset. The same table gives the help, the example of an environment and what a doctor shows.
 */

export interface Setting<Value> {
  /** Without dashes; null for a secret: options are seen by everybody who lists processes. */
  readonly option: string | null;
  readonly variable: string;
  /** null where it has to be given. */
  readonly fallback: string | null;
  readonly help: string;
  readonly isSecret?: true;
  readonly kind: SettingKind<Value>;
}

export interface SettingKind<Value> {
  /** What is expected, for people: "a whole number from 1 to 64". */
  readonly expected: string;
  /** undefined where the text is not as expected. */
  readonly parse: (text: string) => Value | undefined;
}

export type SettingsTable = Readonly<Record<string, Setting<unknown>>>;
export type SettingsOf<Table extends SettingsTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value> ? Value : never;
};

export interface SettingSources {
  /** As `parseArgs` gives them. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Every setting that is wrong, a line each. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "SETTINGS";
  readonly retryable = false;
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** @throws SettingsError naming option, variable, what was expected and how to set it. */
export function readSettings<Table extends SettingsTable>(
  table: Table,
  sources: SettingSources,
): SettingsOf<Table> {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(table)) {
    const { text } = given(setting, sources);
    values[name] = text === null ? undefined : setting.kind.parse(text);
    if (values[name] === undefined) problems.push(problemOf(setting, text));
  }
  if (problems.length > 0) throw new SettingsError(problems);
  // Every name of the table has a value of its kind now.
  return values as SettingsOf<Table>;
}

export interface ListedSetting {
  readonly name: string;
  readonly option: string | null;
  readonly variable: string;
  readonly fallback: string | null;
  readonly help: string;
  readonly expected: string;
  readonly isSecret: boolean;
}

/** For the help and for examples, in the order of the table. */
export function listSettings(table: SettingsTable): ListedSetting[] {
  return Object.entries(table).map(([name, { option, variable, fallback, help, isSecret, kind }]) => ({
    name,
    option,
    variable,
    fallback,
    help,
    expected: kind.expected,
    isSecret: isSecret === true,
  }));
}

export type SettingSource = "option" | "environment" | "default" | "unset";

export interface ShownSetting {
  readonly name: string;
  readonly variable: string;
  readonly source: SettingSource;
  /** Of a secret only whether it is there. */
  readonly shown: string;
  readonly isValid: boolean;
}

/** What is set, right or wrong, without a secret in it. */
export function showSettings(table: SettingsTable, sources: SettingSources): ShownSetting[] {
  return Object.entries(table).map(([name, setting]) => {
    const { text, source } = given(setting, sources);
    const isValid = text !== null && setting.kind.parse(text) !== undefined;
    return { name, variable: setting.variable, source, shown: shownText(setting, text), isValid };
  });
}

function given(
  { option, variable, fallback }: Setting<unknown>,
  { options, environment }: SettingSources,
): { readonly text: string | null; readonly source: SettingSource } {
  const ofOption = option === null ? undefined : options[option];
  if (typeof ofOption === "string" && ofOption !== "") return { text: ofOption, source: "option" };
  const ofEnvironment = environment[variable];
  if (ofEnvironment !== undefined && ofEnvironment !== "")
    return { text: ofEnvironment, source: "environment" };
  return { text: fallback, source: fallback === null ? "unset" : "default" };
}

const HIDDEN = "(set, not shown)";

function shownText({ isSecret }: Setting<unknown>, text: string | null): string {
  if (text === null) return "(not set)";
  return isSecret === true ? HIDDEN : text;
}

function problemOf(setting: Setting<unknown>, text: string | null): string {
  const { option, variable, isSecret, help, kind } = setting;
  const named = option === null ? variable : `--${option} (${variable})`;
  const fix = option === null ? `set ${variable}` : `give --${option} or set ${variable}`;
  if (text === null) return `${named}: not set; ${fix}: ${help}`;
  return `${named}: ${isSecret === true ? HIDDEN : `'${text}'`}, expected ${kind.expected}; ${fix}`;
}
