/** rulesets/appeal-deadlines.json: by when what has to be done about an appeal, and who bears a swipe; each row with its source. */
import * as z from "zod";
import { claimedSwipe } from "./appeal.js";
import { CONFIDENCES } from "./bundle/loss-policies.js";
import { NAME_LENGTH_MAX } from "./fields.js";

export const DEADLINE_KINDS = [
  "appeal",
  "acknowledge",
  "first-review",
  "second-review",
  "investigation",
  "decision",
  "supplement",
  "reconsideration",
  "reconsider",
  "lawsuit",
] as const;
export type DeadlineKind = (typeof DEADLINE_KINDS)[number];

/** What a deadline counts from. `swipe`: the earliest that is claimed. */
export const DEADLINE_STARTS = [
  "swipe",
  "submitted",
  "accepted",
  "returned",
  "first-reviewed",
  "second-reviewed",
  "decided",
  "reconsideration-asked",
] as const;
export type DeadlineStart = (typeof DEADLINE_STARTS)[number];

export const TERM_UNITS = ["wd", "cd", "month"] as const;
/** Two years: the limitation of such matters; a slip of a digit is caught. */
const TERM_MAX = { wd: 500, cd: 730, month: 24 } as const;

const text = z.string().min(1).max(NAME_LENGTH_MAX);
const provenance = { source: text, confidence: z.enum(CONFIDENCES) };
const term = z
  .tuple([z.number().int().min(1), z.enum(TERM_UNITS)])
  .refine(([length, unit]) => length <= TERM_MAX[unit], "at most two years");
export type Term = z.infer<typeof term>;

const deadline = z.strictObject({
  kind: z.enum(DEADLINE_KINDS),
  whose: z.enum(["office", "holder"]),
  from: z.enum(DEADLINE_STARTS),
  term,
  /** zh-CN, for the holder. */
  name: text,
  ...provenance,
});
export type DeadlineRow = z.infer<typeof deadline>;

const bearerRow = z.strictObject({
  position: claimedSwipe.shape.position,
  bearer: claimedSwipe.shape.bearer,
  /** zh-CN: a fact and what follows by this row; no verdict on anybody. */
  because: text,
  ...provenance,
});
export type BearerRow = z.infer<typeof bearerRow>;

export const appealDeadlinesFile = z
  .strictObject({ comment: z.string().optional(), deadlines: z.array(deadline), bearers: z.array(bearerRow) })
  .superRefine(({ deadlines, bearers }, context) => {
    const lists = [
      ["deadlines", deadlines.map(({ kind }) => kind), DEADLINE_KINDS],
      ["bearers", bearers.map(({ position }) => position), claimedSwipe.shape.position.options],
    ] as const;
    deadlines.forEach(({ kind, from }, index) => {
      if (kind !== "appeal" && from === "swipe")
        context.addIssue({
          code: "custom",
          path: ["deadlines", index, "from"],
          message: `'${kind}' counts from a swipe: expected what was done about the appeal; only 'appeal' counts from a swipe`,
        });
    });
    for (const [list, given, all] of lists)
      for (const name of all) {
        const count = (given as readonly string[]).filter((each) => each === name).length;
        if (count !== 1)
          context.addIssue({
            code: "custom",
            path: [list],
            message: `'${name}' stands ${count} times: give each exactly one row`,
          });
      }
  });
export type AppealDeadlinesFile = z.infer<typeof appealDeadlinesFile>;
