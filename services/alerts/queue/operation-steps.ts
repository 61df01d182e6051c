/** What an operation comes to for one case. Pure. */

import type { CaseCommand } from "../../../schemas/case-command.js";
import type { CaseState } from "../../../schemas/case-transitions.js";
import type { QueueCommand } from "../../../schemas/http/queue.js";
import { assertNever } from "../assert-never.js";
import type { CaseAction } from "../cases/work-tables.js";

/** Where the case's work stands when its turn comes. */
export interface CaseBefore {
  readonly state: CaseState;
  readonly assignee: string | null;
}

/** In order, each on the version of the one before it; none where all is so already. */
export function stepsOf(command: QueueCommand, before: CaseBefore, actor: string): readonly CaseCommand[] {
  switch (command.kind) {
    case "assign": {
      const { assignee = actor, reason = null } = command;
      return before.assignee === assignee ? [] : [{ kind: "assign", assignee, reason }];
    }
    case "triage":
      return triageSteps(before, actor);
    case "note":
      return [{ kind: "note", text: command.text }];
    case "clear":
      return [{ kind: "move", to: "cleared", reason: command.reason, rules: null }];
    default:
      return assertNever(command);
  }
}

/** Taken only where it can be moved then: nobody gets a case that stays where it was. */
function triageSteps({ state, assignee }: CaseBefore, actor: string): readonly CaseCommand[] {
  const move: CaseCommand = { kind: "move", to: "triage", reason: null, rules: null };
  if (state !== "new") return state === "triage" && assignee === actor ? [] : [move];
  return assignee === actor ? [move] : [{ kind: "assign", assignee: actor, reason: null }, move];
}

/** An entry of the case's history. */
export interface DoneChange {
  readonly version: number;
  readonly actor: string;
  readonly action: CaseAction;
  readonly atMs: number;
}

const ACTIONS_OF: Readonly<Record<QueueCommand["kind"], readonly CaseAction[]>> = {
  assign: ["assigned"],
  triage: ["assigned", "moved"],
  note: ["noted"],
  clear: ["proposed", "moved"],
};

/**
 * Of an operation that was interrupted: did it make these changes itself? Then the case was not changed by others, and what is
 * left of the operation goes on from them.
 * @param changes behind the version that was seen, in order.
 */
export function areOwnChanges(
  changes: readonly DoneChange[],
  {
    command,
    actor,
    runsAtMs,
  }: { readonly command: QueueCommand; readonly actor: string; readonly runsAtMs: number },
): boolean {
  const actions = ACTIONS_OF[command.kind];
  return (
    changes.length <= actions.length &&
    changes.every(
      (change, i) =>
        change.actor === actor &&
        change.atMs >= runsAtMs &&
        (command.kind === "triage"
          ? actions.slice(i).includes(change.action)
          : actions.includes(change.action)),
    )
  );
}
