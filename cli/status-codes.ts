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
const codedLine = z.looseObject({
  [FIELD]: z.union([z.string(), z.number()]).optional(),
  action: z.unknown().optional(),
});

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
    const { [FIELD]: code, ...record } = line;
    if (code === undefined)
      return record.action === undefined
        ? refusal("FIELD_MISSING", `expected ${this.known()}, or an action`)
        : { text };
    if (record.action !== undefined)
      return refusal(
        "FIELD_INVALID",
        `given together with action ${JSON.stringify(record.action)}; keep one`,
      );
    const found = this.codes.get(String(code));
    if (found === undefined)
      return refusal("STATUS_CODE_UNKNOWN", `${JSON.stringify(code)}: expected ${this.known()}`);
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

function refusal(code: string, reason: string): CodedLine {
  return { refused: `${code}: ${FIELD}: ${reason}` };
}
