/** `kadun rules COMMAND …`: finds the command among those of cli/rules/. */

import { ExitStatus, UsageError } from "./exit-status.js";

interface RulesCommand {
  /** One line of the help. */
  readonly about: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<ExitStatus>>;
}

/** In the order in which a change takes them. */
export const RULES_COMMANDS: Readonly<Record<string, RulesCommand>> = {
  list: {
    about: "the rules of a bundle: mode, severity, parameters",
    load: async () => (await import("./rules/list.js")).list,
  },
  lint: {
    about: "is a ruleset sound? Every mistake by file, path and what was expected",
    load: async () => (await import("./rules/lint.js")).lint,
  },
  draft: {
    about: "a new version, whole",
    load: async () => (await import("./rules/draft.js")).draft,
  },
  versions: {
    about: "every version there ever was",
    load: async () => (await import("./rules/versions.js")).versions,
  },
  show: {
    about: "a version with comments, approvals, the guard's word, activations",
    load: async () => (await import("./rules/versions.js")).show,
  },
  diff: {
    about: "what a version changes, value by value",
    load: async () => (await import("./rules/versions.js")).diff,
  },
  comment: {
    about: "a comment on a version",
    load: async () => (await import("./rules/review.js")).comment,
  },
  withdraw: {
    about: "a version that nobody shall publish any more",
    load: async () => (await import("./rules/review.js")).withdraw,
  },
  approve: {
    about: "the second pair of eyes",
    load: async () => (await import("./rules/review.js")).approve,
  },
  check: {
    about: "what the guard says of a version",
    load: async () => (await import("./rules/review.js")).check,
  },
  confirm: {
    about: "a third person confirms in spite of the guard",
    load: async () => (await import("./rules/review.js")).confirm,
  },
  shadow: {
    about: "a draft beside what runs, or none",
    load: async () => (await import("./rules/publish.js")).shadow,
  },
  activate: {
    about: "publishes a version",
    load: async () => (await import("./rules/publish.js")).activate,
  },
  status: {
    about: "what runs, which partitions have not answered, alarms",
    load: async () => (await import("./rules/publish.js")).status,
  },
  rollback: {
    about: "back to what ran before; two people say it",
    load: async () => (await import("./rules/publish.js")).rollback,
  },
  backtest: {
    about: "whom a draft would have hit: stored history judged by it, beside what was in force",
    load: async () => (await import("./rules/backtest.js")).backtest,
  },
  gaps: {
    about: "what delays and lapses of loss policies let through, by city and channel",
    load: async () => (await import("./rules/gaps.js")).gaps,
  },
  precision: {
    about: "what feedback said of what the rules found: precision, false blocks and cost, by rule and region",
    load: async () => (await import("./rules/precision.js")).precision,
  },
};

export function rulesUsage(): string {
  const width = Math.max(...Object.keys(RULES_COMMANDS).map((name) => name.length)) + 2;
  const lines = Object.entries(RULES_COMMANDS).map(([name, { about }]) => `${name.padEnd(width)}${about}`);
  return `kadun rules COMMAND [OPTIONS]

${lines.join("\n")}
kadun rules COMMAND --help says more.
Exit status: 0 done, 1 failed or refused, 64 usage.`;
}

export async function rules(args: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = args;
  if (name === "--help") {
    console.log(rulesUsage());
    return ExitStatus.DONE;
  }
  if (name === undefined || !Object.hasOwn(RULES_COMMANDS, name))
    throw new UsageError(`expected a command of 'kadun rules'\n\n${rulesUsage()}`);
  const command = await RULES_COMMANDS[name]!.load();
  return command(rest);
}
