/** A row of the stream as the page takes it. */

import * as z from "zod";
import { type CaseWorkEntry, caseWorkEntry } from "../../../schemas/http/case-page.js";
import { formatInstant } from "../../../schemas/instant.js";
import { PATROL_IDS } from "../../../schemas/patrols.js";
import { assertNever } from "../assert-never.js";
import { findingText } from "../patrol/finding.js";
import { patrolOf } from "../patrol/registry.js";

export interface StreamRow {
  readonly kind: CaseWorkEntry["type"];
  readonly id: string;
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
}

const noteRow = z.object({
  version: z.number(),
  actor: z.string(),
  noteId: z.number(),
  text: z.string(),
  struckBy: z.string().nullable(),
  struckAtMs: z.coerce.number().nullable(),
  struckReason: z.string().nullable(),
});
const findingRow = z.object({
  findingId: z.string(),
  patrol: z.enum(PATROL_IDS),
  severity: z.string(),
  institutionId: z.string().nullable(),
  facts: z.record(z.string(), z.unknown()),
  settings: z.record(z.string(), z.unknown()),
  evidenceCount: z.coerce.number(),
});

/** @param at of the row, written. @throws ZodError where the row is something else: a mistake of the program. */
export function streamEntry({ kind, id, data }: StreamRow, at: string): CaseWorkEntry {
  return caseWorkEntry.parse({ type: kind, id, at, ...fieldsOf(kind, data) });
}

function fieldsOf(kind: StreamRow["kind"], data: StreamRow["data"]): object {
  switch (kind) {
    case "note":
      return noteFields(noteRow.parse(data));
    case "finding":
      return findingFields(findingRow.parse(data));
    case "work":
    case "sms":
    case "answer":
    case "custody":
    case "appeal": {
      const { at: _at, ...fields } = data;
      return fields;
    }
    default:
      return assertNever(kind);
  }
}

function noteFields({ actor, noteId, text, struckBy, struckAtMs, struckReason }: z.infer<typeof noteRow>) {
  const struck =
    struckBy === null || struckAtMs === null
      ? null
      : { by: struckBy, at: formatInstant(struckAtMs), reason: struckReason ?? "" };
  return { noteId, author: actor, text, struck };
}

function findingFields({ facts, settings, patrol: id, ...rest }: z.infer<typeof findingRow>) {
  const patrol = patrolOf(id);
  const said = { ...settings, ...facts };
  return { ...rest, patrol: id, facts: said, text: findingText(patrol, said), next: patrol.next };
}
