/**
 * `POST /v1/sms/receipts/TOKEN`: where an operator pushes what became of messages.
 *
 * 1. Operators sign nothing: the token in the address is what tells them from others, compared in the same time whatever is
 *    given. A wrong one is answered as any address that is none.
 * 2. Answered as taken only after the receipts are stored; anything else makes the operator push them again.
 * 3. Nothing of a body is logged: operators put phone numbers into it.
 */

import type { ServerResponse } from "node:http";
import type { Clock } from "../../platform/clock/clock.js";
import type { OpenDatabase } from "../../platform/database/database.js";
import type { Logger } from "../../platform/logger/logger.js";
import type { SmsReceipt } from "../../platform/sms-gateway/sms-receipt.js";
import { applyReceipts } from "../../services/alerts/sms/apply-receipts.js";
import type { HttpRequests } from "./evidence-process.js";
import { bodyWithin, isBearer } from "./request-parts.js";

/** How an operator's pushes are read. */
export interface ReceiptReader {
  /** Last part of the address. */
  readonly token: string;
  /** @throws Error that says what was expected, not what was given. */
  read(body: unknown): readonly SmsReceipt[];
  /** What a push is answered with. */
  readonly received: object;
}

interface ReceiptsOptions {
  readonly reader: ReceiptReader;
  readonly database: OpenDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
}

const PATH = "/v1/sms/receipts/";
/** A thousand receipts are some 300 kB. */
const BODY_BYTES_MAX = 1 << 20;

export function smsReceiptRequests(options: ReceiptsOptions): HttpRequests {
  const { reader, logger } = options;
  return async (request, response) => {
    const path = request.url ?? "";
    if (request.method !== "POST" || !path.startsWith(PATH)) return false;
    if (!isBearer(`Bearer ${path.slice(PATH.length)}`, reader.token)) return false;
    const body = await bodyWithin(request, BODY_BYTES_MAX);
    if (body === null) return answered(response, 413, { error: `at most ${BODY_BYTES_MAX} bytes at once` });
    const receipts = read(reader, body);
    if ("problem" in receipts) {
      logger.warn("alerts.sms-receipts-refused", { error: receipts.problem });
      return answered(response, 400, { error: "not receipts of this operator" });
    }
    return store(options, receipts.receipts, response);
  };
}

async function store(
  { reader, database, clock, logger }: ReceiptsOptions,
  receipts: readonly SmsReceipt[],
  response: ServerResponse,
): Promise<boolean> {
  try {
    await applyReceipts(database, receipts, clock.now());
    return answered(response, 200, reader.received);
  } catch (error) {
    logger.warn("alerts.sms-receipts-waiting", { error });
    return answered(response, 503, { error: "not stored; push them again" });
  }
}

type Read = { readonly receipts: readonly SmsReceipt[] } | { readonly problem: unknown };

function read(reader: ReceiptReader, body: Buffer): Read {
  try {
    return { receipts: reader.read(JSON.parse(body.toString("utf8"))) };
  } catch (problem) {
    return { problem };
  }
}

function answered(response: ServerResponse, status: number, body: object): true {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
  return true;
}
