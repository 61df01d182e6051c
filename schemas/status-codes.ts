/**
 * rulesets/status-codes.json: the codes that vendors' systems give a card's state, and the action each is imported as
 * (`kadun import-status FILE --codes NAME`). No part of a bundle: what reaches the journal is the action.
 */
import * as z from "zod";
import { NAME_LENGTH_MAX, STATUS_ACTIONS } from "./fields.js";

/** Codes are one or two digits, or the word itself where a system keeps words. */
const CODE_LENGTH_MAX = 16;

const text = z.string().min(1).max(NAME_LENGTH_MAX);
const code = z.string().min(1).max(CODE_LENGTH_MAX);

const statusCode = z.strictObject({
  meaning: text,
  action: z.enum(STATUS_ACTIONS),
  /** Why this action, where the word alone does not say. */
  note: text.optional(),
});

const statusCodeList = z.strictObject({
  source: text,
  codes: z
    .record(code, statusCode)
    .refine((codes) => Object.keys(codes).length > 0, "at least one code with its meaning and action"),
});

export const statusCodesFile = z.strictObject({
  comment: text.optional(),
  lists: z.record(
    z.string().regex(/^[a-z]+(-[a-z]+)*$/, "a kebab-case name such as hsa-his"),
    statusCodeList,
  ),
});

export type StatusCodeList = z.infer<typeof statusCodeList>;
