/**
 * The nearest day by which the office has to do something, as the appeal's row keeps it: a page of the console would
 * have to read all events of all appeals for it. Pure.
 */

import type { DeadlineKind } from "../../../schemas/appeal-deadlines.js";
import { formatInstant } from "../../../schemas/instant.js";
import type { Deadline } from "./appeal-deadlines.js";

/** Columns of `appeals`; null of both where nothing is asked of the office. */
export interface OfficeDue {
  readonly office_due_at: string | null;
  readonly office_due_kind: DeadlineKind | null;
}

/** @param running the earliest first. */
export function officeDueOf(running: readonly Deadline[]): OfficeDue {
  const next = running.find(({ whose }) => whose === "office");
  return next === undefined
    ? { office_due_at: null, office_due_kind: null }
    : { office_due_at: formatInstant(next.dueMs), office_due_kind: next.kind };
}
