/** Bodies of `/v1/evidence`. */
import * as z from "zod";
import { instant } from "../fields.js";

const caseId = z.string().min(1).max(200);
export const REASON_LENGTH_MIN = 4;
export const REASON_LENGTH_MAX = 500;

export const packageRequest = z.object({
  caseId,
  /** Of an approved request: shows the holder as he is. */
  unmasked: z.string().max(64).optional(),
  /** Begins at the last archived checkpoint before this day of Shanghai, where there is one. */
  since: z.iso.date().optional(),
});

/** While it is made, a line a step; the last one is the package or a problem. */
export const packageProgress = z.object({
  progress: z.enum(["proving", "gathering", "reporting", "packing"]),
  /** Records so far; of packing: bytes. */
  done: z.number().int().min(0),
  total: z.number().int().min(0).nullable(),
});
export const madePackageLine = z.object({
  package: z.object({
    name: z.string(),
    bytes: z.number().int(),
    sha256: z.string(),
    contentSha256: z.string(),
    records: z.number().int(),
    range: z.object({
      fromOffset: z.number().int(),
      endOffset: z.number().int(),
      fromDay: z.string(),
      toDay: z.string(),
    }),
  }),
});

export const unmaskingBody = z.object({
  caseId,
  reason: z.string().trim().min(REASON_LENGTH_MIN).max(REASON_LENGTH_MAX),
});
export const unmaskingRequest = z.object({
  requestId: z.string(),
  caseId: z.string(),
  reason: z.string(),
  requestedBy: z.string(),
  requestedAt: instant,
  approvedBy: z.string().nullable(),
  approvedAt: instant.nullable(),
});
export const unmaskingRequests = z.object({ requests: z.array(unmaskingRequest) });

export type PackageProgress = z.infer<typeof packageProgress>;
export type MadePackageLine = z.infer<typeof madePackageLine>;
