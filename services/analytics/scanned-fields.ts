/** What a swipe of the journal and a decision hold, for the way from their bytes into columns. */

import { nativeTypeOf } from "../../platform/analytics/native/native-type.js";
import { SWIPE_FIELDS } from "./columns.js";
import type { FieldKind, ScannedField } from "./record-scanner.js";
import { JOURNAL_COLUMNS, OUTCOME_COLUMNS, type TableColumns } from "./table-columns.js";

/** Goes into the column of its name. */
function field(columns: TableColumns, key: string): ScannedField {
  const kind = kindOf(columns[key]!);
  return { key, kind: key === "cardTail" ? "text-or-null" : kind };
}

function kindOf(spelled: string): FieldKind {
  const type = nativeTypeOf(spelled);
  const { kind } = type.kind === "nullable" ? type.of : type;
  switch (kind) {
    case "text":
    case "name":
      return "text";
    case "double":
      return "decimal";
    case "whole":
    case "flag":
    case "instant":
      return kind;
    default:
      throw new TypeError(`a column '${spelled}' is not filled from one field`);
  }
}

const UNREAD = "unread" as const;
const ITEMS: ScannedField = { key: "items", kind: "items" };

export const SWIPE_RECORD_FIELDS: readonly ScannedField[] = [
  ...["type", "eventId", "kind", "occurredAt", "cardTail", ...SWIPE_FIELDS].map((key) =>
    field(JOURNAL_COLUMNS, key),
  ),
  // The log says it beside the record.
  { key: "personKey", kind: UNREAD },
  { key: "contentHash", kind: UNREAD },
  ITEMS,
];

export const DECISION_FIELDS: readonly ScannedField[] = [
  ...[
    "type",
    "decisionId",
    "eventId",
    "cardTail",
    "kind",
    "action",
    "responseCode",
    "disputed",
    "degraded",
    "clockClamped",
    "bundleHash",
    "engineVersion",
    "occurredAt",
    "shadowBundleHash",
  ].map((key) => field(OUTCOME_COLUMNS, key)),
  { key: "personKey", kind: UNREAD },
  { key: "advice", kind: UNREAD },
  { key: "reasons", kind: "empty-list" },
  {
    key: "swipe",
    kind: "object",
    fields: [...SWIPE_FIELDS.map((key) => field(OUTCOME_COLUMNS, key)), ITEMS],
  },
];
