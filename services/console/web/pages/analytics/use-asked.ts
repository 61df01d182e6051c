/** What the address asks, as the routes take it. */

import { useMemo, useState } from "react";
import { pageNowMs } from "../../app/page-time.js";
import { type Query, useUrlQuery } from "../../parts/url-state.js";
import { rangeOf } from "./asked-range.js";
import type { Field } from "./filter-bar.js";

/** @returns the address's query, what changes it, and what is asked of the office: range and these fields. */
export function useAsked(fields: readonly Field[]) {
  const [query, change] = useUrlQuery();
  // When the page was opened: the range does not move while it is looked at.
  const [nowMs] = useState(pageNowMs);
  const asked = useMemo((): Query => {
    const given = fields.flatMap((field) => (query[field] ? [[field, query[field]] as const] : []));
    return { ...rangeOf(query, nowMs), ...Object.fromEntries(given) };
  }, [fields, query, nowMs]);
  return { query, change, asked };
}

/** Of a page of rows with the same filters, and these. */
export function rowsAddress(asked: Query, more: Query): string {
  return `/analytics/rows?${new URLSearchParams({ ...asked, ...more })}`;
}
