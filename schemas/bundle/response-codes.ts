/** rulesets/response-codes.json: what a terminal is told, by reason code or, for any other reason, by action. */
import * as z from "zod";
import { ACTIONS } from "../fields.js";

const responseCode = z.string().regex(/^[0-9A-Z]{2}$/, "two characters such as B7");
const meaning = z.strictObject({ "zh-CN": z.string().min(1).max(64), en: z.string().min(1).max(128) });

export const responseCodesFile = z
  .strictObject({
    byAction: z.record(z.enum(ACTIONS), responseCode),
    byReason: z.record(z.string().min(1).max(64), responseCode),
    meanings: z.record(responseCode, meaning),
  })
  .superRefine((file, context) => {
    for (const code of [...Object.values(file.byAction), ...Object.values(file.byReason)]) {
      if (!(code in file.meanings)) {
        context.addIssue({
          code: "custom",
          path: ["meanings"],
          message: `${code} has no meaning: add it in zh-CN and en`,
        });
      }
    }
  });

export type ResponseCodesFile = z.infer<typeof responseCodesFile>;
