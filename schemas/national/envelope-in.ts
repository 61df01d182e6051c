/**
 * A request of the national platform → the raw record it stands for. Pure but for what it remembers in `seen`.
 * Every refusal names its path in the envelope.
 */
import type * as z from "zod";
import { NESTING_EXPECTED, tooDeepAt } from "../nesting.js";
import type { RawPersonFact, RawSwipe } from "../raw.js";
import { requestHead } from "./envelope.js";
import { admissionFact, dischargeFact, noStayFact, transferFact, withdrawnFact } from "./fact-in.js";
import { REQUESTS, withoutEmpty } from "./requests.js";
import { cancelSwipe, isDone, type MapContext, paymentSwipe, pinSwipe, reversalSwipe } from "./swipe-in.js";
import { type Infno, isInfno, NOT_TAKEN, TRANSACTIONS } from "./transactions.js";
import { type Untaken, untaken } from "./untaken.js";

export type NationalRecord = RawSwipe | RawPersonFact;

/** Does a parsed message look like one of the platform's? Kadun's own records have a `type` and no `infno`. */
export function isEnvelope(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "infno" in value;
}

/** `input` is an object, or the text of one: its type is 字符型 40000. A transaction number may be a number. */
export function opened(envelope: Record<string, unknown>): Record<string, unknown> {
  const { infno } = envelope;
  const named = Number.isSafeInteger(infno) ? { ...envelope, infno: String(infno) } : envelope;
  const { input } = named;
  if (typeof input !== "string") return named;
  try {
    const parsed: unknown = JSON.parse(input);
    return { ...named, input: parsed };
  } catch {
    return named;
  }
}

/** @param envelope as `opened` gives it. */
export function recordOf(envelope: Record<string, unknown>, context: MapContext): NationalRecord | Untaken {
  const deep = tooDeepAt(envelope);
  if (deep !== null) return untaken("FIELD_INVALID", deep, NESTING_EXPECTED);
  const value = withLists(withoutEmpty(envelope) as Record<string, unknown>);
  const { infno } = value;
  if (typeof infno !== "string")
    return untaken("FIELD_INVALID", "infno", 'a transaction number as text, such as "2102"');
  if (Object.hasOwn(NOT_TAKEN, infno)) return untaken("TRANSACTION_NOT_TAKEN", "infno", NOT_TAKEN[infno]!);
  if (!isInfno(infno))
    return untaken("TRANSACTION_UNKNOWN", "infno", `one of ${Object.keys(TRANSACTIONS).join(", ")}`);
  return headProblem(value) ?? failure(infno, value) ?? mapped(infno, value, context);
}

/** A single line of a bill that stands without its list. */
function withLists(envelope: Record<string, unknown>): Record<string, unknown> {
  const { input } = envelope;
  if (!isObject(input)) return envelope;
  const listed = Object.entries(input).map(([name, node]): [string, unknown] => [
    name,
    LISTS.has(name) && isObject(node) ? [node] : node,
  ]);
  return { ...envelope, input: Object.fromEntries(listed) };
}

const LISTS = new Set(["drugdetail", "feedetail"]);
const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Where the head has its faults they are named before those of the input. */
function headProblem(value: Record<string, unknown>): Untaken | null {
  const parsed = requestHead.safeParse(value);
  return parsed.success ? null : invalid(parsed.error);
}

/** Sent on with a reply that says it did not happen: only an attempt is worth judging. */
function failure(infno: Infno, { infcode }: Record<string, unknown>): Untaken | null {
  const transaction = TRANSACTIONS[infno];
  const isAttempt =
    transaction.becomes === "swipe" && (transaction.kind === "authorize" || transaction.kind === "pin-check");
  if (isAttempt || infcode === undefined || (isCode(infcode) && isDone(infcode))) return null;
  return untaken("TRANSACTION_FAILED", "infcode", "0: the platform refused it, so nothing happened");
}

const isCode = (value: unknown): value is number | string =>
  typeof value === "number" || typeof value === "string";

function mapped(infno: Infno, value: unknown, context: MapContext): NationalRecord | Untaken {
  switch (infno) {
    case "1602":
    case "1603":
      return parsed(REQUESTS[infno], value, (request) => pinSwipe(request, context));
    case "2101":
    case "2102":
      return parsed(REQUESTS[infno], value, (request) => paymentSwipe(infno, request, context));
    case "2206":
    case "2207":
    case "2303":
    case "2304":
      return parsed(REQUESTS[infno], value, (request) => paymentSwipe(infno, request, context));
    case "2103":
    case "2208":
    case "2305":
      return parsed(REQUESTS[infno], value, (request) => cancelSwipe(infno, request, context));
    case "2401":
      return parsed(REQUESTS[infno], value, (request) => admissionFact(request, context));
    case "2402":
      return parsed(REQUESTS[infno], value, (request) => dischargeFact(request, context));
    case "2404":
      return parsed(REQUESTS[infno], value, (request) => noStayFact(request, context));
    case "2501":
      return parsed(REQUESTS[infno], value, (request) => transferFact(request, context));
    case "2502":
      return parsed(REQUESTS[infno], value, (request) => withdrawnFact(request, context));
    case "2601":
      return parsed(REQUESTS[infno], value, (request) =>
        request.input.data.oinfno === "2401" ? noStayFact(request, context) : reversalSwipe(request, context),
      );
  }
}

function parsed<Shape>(
  schema: z.ZodType<Shape>,
  value: unknown,
  map: (request: Shape) => NationalRecord | Untaken,
): NationalRecord | Untaken {
  const result = schema.safeParse(value);
  return result.success ? map(result.data) : invalid(result.error);
}

function invalid({ issues }: z.ZodError): Untaken {
  const issue = issues[0];
  return untaken("FIELD_INVALID", issue?.path.join(".") ?? "", issue?.message ?? "the documented shape");
}
