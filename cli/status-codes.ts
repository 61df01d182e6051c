/** Lines of a snapshot that give a vendor's status code instead of an action (`kadun import-status --codes`). */

import { join } from "node:path";
import * as z from "zod";
import { type StatusCodeList, statusCodesFile } from "../schemas/status-codes.js";
import { readChecked } from "./bundle-files.js";
import { UsageError } from "./exit-status.js";
import { packageRoot } from "./package-root.js";

/** A line to send, or why it is not sent. */
export type CodedLine = { readonly text: string } | { readonly refused: string };

const FIELD = "statusCode";
/** The longest action has 19 characters, quotes included. */
const SHOWN_CHARACTERS_MAX = 32;
/** Any object; `null` is "not given", as in every raw record. */
const codedLine = z.looseObject({ [FIELD]: z.unknown().optional(), action: z.unknown().optional() });
const codeShape = z.union([z.string(), z.number()]);

/** The codes of one list of rulesets/status-codes.json. @throws UsageError naming the lists there are. */
export function statusCodesNamed(name: string): StatusCodes {
  const { lists } = readChecked(join(packageRoot, "rulesets", "status-codes.json"), statusCodesFile);
  const list = Object.hasOwn(lists, name) ? lists[name] : undefined;
  if (list === undefined)
    throw new UsageError(`--codes ${name}: expected one of ${Object.keys(lists).join(", ")}`);
  return new StatusCodes(name, list);
}

export class StatusCodes {
  private readonly codes: ReadonlyMap<string, StatusCodeList["codes"][string]>;

  constructor(
    private readonly name: string,
    list: StatusCodeList,
  ) {
    this.codes = new Map(Object.entries(list.codes));
  }

  /** The line with its code's action. A line with an action of its own, or that is no object, goes as it is. */
  withAction(text: string): CodedLine {
    const line = this.parsed(text);
    if (line === null) return { text };
    const { [FIELD]: given, action: own, ...record } = line;
    if (isMissing(given))
      return isMissing(own) ? refusal("FIELD_MISSING", `expected ${this.known()}, or an action`) : { text };
    if (!isMissing(own))
      return refusal("FIELD_INVALID", `given together with action ${shown(own)}; keep one`);
    const code = codeShape.safeParse(given);
    if (!code.success)
      return refusal("FIELD_INVALID", `${shown(given)} is neither text nor number: expected ${this.known()}`);
    const found = this.codes.get(String(code.data));
    if (found === undefined)
      return refusal("STATUS_CODE_UNKNOWN", `${shown(code.data)}: expected ${this.known()}`);
    return { text: JSON.stringify({ ...record, action: found.action }) };
  }

  private parsed(text: string): z.infer<typeof codedLine> | null {
    try {
      return codedLine.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null; // the gateway says what is wrong with it
    }
  }

  private known(): string {
    const all = [...this.codes].map(([code, { meaning }]) =>
      code === meaning ? code : `${code} ${meaning}`,
    );
    return `a code of ${this.name} (${all.join(", ")})`;
  }
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A code or action is no personal data; something longer is not one and is cut. */
function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, SHOWN_CHARACTERS_MAX);
}

function refusal(code: string, reason: string): CodedLine {
  return { refused: `${code}: ${FIELD}: ${reason}` };
}
