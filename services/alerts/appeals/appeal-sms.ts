/** What the holder is told of an appeal, into the ledger of SMS. */

import type { SmsTemplatesFile } from "../../../schemas/sms-templates.js";
import { codesOf } from "../cases/case-code.js";
import { enqueueSms } from "../sms/enqueue-sms.js";
import { codeWords, momentWords } from "../sms/sms-text.js";
import type { AppealNotice } from "./appeal-changes.js";
import type { AppealsTrx } from "./appeal-store.js";

/** Within the transaction of what is told. */
export async function tellHolder(
  trx: AppealsTrx,
  { noticeId, personKey, caseId, situation, dueMs, atMs }: AppealNotice,
  templates: SmsTemplatesFile,
): Promise<void> {
  const code = (await codesOf(trx, [caseId])).get(caseId)!;
  // Midnight belongs to the day that it ends.
  const day = dueMs === null ? {} : dayOf(dueMs - 1);
  const values = { ...codeWords(code), ...day };
  const smsId = `sms-appeal-${noticeId}`;
  await enqueueSms(
    trx,
    { smsId, personKey, situation, values, createdAtMs: atMs, severity: "medium" },
    templates,
  );
}

function dayOf(ms: number) {
  const { month, day } = momentWords(ms);
  return { month, day };
}
