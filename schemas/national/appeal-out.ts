/**
 * Appeals beside the national platform's 3701–3704 (query, submit, panel, attachment). Of these transactions only numbers and
 * purposes are known here; their fields are in no published source that was found. So nothing is sent as a message: the parts
 * of an appeal are exported under Kadun's own names, grouped by the transaction that they belong to.
 */
import * as z from "zod";
import { type AppealView, appealDocument, appealStep, appealView, claimedSwipe } from "../appeal.js";
import { token } from "../fields.js";

const mapped = {
  psnToken: token.describe("stands for 人员编号 psn_no"),
  number: z.string().describe("申诉编号"),
};

export const nationalAppeal = z.strictObject({
  /** 申诉查询: how far it is. */
  "3701": z.strictObject({ ...mapped, state: appealView.shape.state, steps: z.array(appealStep) }),
  /** 申诉提交: what is claimed. */
  "3702": z.strictObject({
    ...mapped,
    swipes: z.array(claimedSwipe.omit({ outcome: true })),
    totalFen: z.number().int().min(0),
    hasAgent: z.boolean(),
  }),
  /** 合议: what was decided, swipe by swipe. */
  "3703": z
    .strictObject({
      ...mapped,
      result: z.enum(["upheld", "partly", "rejected"]),
      reasons: z.string(),
      decidedAt: z.string(),
      outcomes: z.array(claimedSwipe.pick({ decisionId: true, outcome: true })),
    })
    .nullable(),
  /** 附件: lists and hashes; contents go another way. */
  "3704": z.strictObject({ ...mapped, documents: z.array(appealDocument) }),
});
export type NationalAppeal = z.infer<typeof nationalAppeal>;

/** Without statement, bank account and contents of documents. Nor with names of files: those are the holder's own words. */
export function nationalAppealOf(view: AppealView, psnToken: string): NationalAppeal {
  const head = { psnToken, number: view.number };
  return {
    "3701": { ...head, state: view.state, steps: view.steps.map((step) => ({ ...step, note: null })) },
    "3702": {
      ...head,
      swipes: view.swipes.map(({ outcome: _, ...swipe }) => swipe),
      totalFen: view.swipes.reduce((sum, { totalFen }) => sum + totalFen, 0),
      hasAgent: view.hasAgent,
    },
    "3703":
      view.decision === null
        ? null
        : {
            ...head,
            result: view.decision.result,
            reasons: view.decision.reasons,
            decidedAt: view.decision.decidedAt,
            outcomes: view.swipes.map(({ decisionId, outcome }) => ({ decisionId, outcome })),
          },
    "3704": { ...head, documents: view.documents.map((document) => ({ ...document, name: document.kind })) },
  };
}
