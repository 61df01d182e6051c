/**
 * 2601 (冲正交易) as Kadun asks the settlement network for it after an appeal. Kadun knows tokens only: the network puts the
 * psn_no of its own record of `omsgid` in, and the head of the message, and then it is the request of requests.ts.
 */
import * as z from "zod";
import { token } from "../fields.js";
import { msgid } from "./codes.js";

export const reversalRequest = z.strictObject({
  infno: z.literal("2601"),
  psnToken: token.describe("stands for 人员编号 psn_no"),
  input: z.strictObject({
    data: z.strictObject({
      omsgid: msgid.describe("原发送方报文ID: eventId of the settlement"),
      oinfno: z.enum(["2102", "2207", "2304"]).describe("原交易编号"),
    }),
  }),
});
export type ReversalRequest = z.infer<typeof reversalRequest>;
