/** R07: the person is deceased, suspended from online settlement, or the account is frozen. Basis: 条例 41. */

import * as z from "zod";
import { personBlocksAt } from "../card/lives.js";
import type { Judging } from "../judging.js";
import { FEN_MISSING, Kind } from "../swipe.js";
import { isExemptByStay } from "./loss.js";
import { CARD_STATE_KINDS, defineRule, Rank } from "./rule.js";
import { factMinute, instantFact } from "./wording.js";

const BLOCK_ZH: Readonly<Record<string, string>> = {
  deceased: "参保人已登记死亡",
  suspended: "参保人的联网结算已暂停",
  frozen: "个人账户已冻结",
};

export const rule = defineRule({
  id: "R07",
  name: "PERSON_BLOCKED",
  judges: CARD_STATE_KINDS,
  judgesLinked: true,
  isUnconditional: true,
  reads: ["card-state"],
  params: z.strictObject({}),
  finds: [Rank.REVIEW, Rank.REJECT],
  about: {
    sees: "A person who is deceased, suspended from online settlement, or whose account is frozen, as the card-status records say.",
    basis:
      "Regulation (国务院令735) art. 41: online settlement suspended for 3 to 12 months; account freeze of 72 hours in Chengdu; card closed at death (source article S4).",
  },
  explain: {
    "zh-CN": (facts) =>
      `${BLOCK_ZH[String(facts.block)]}（自${factMinute(facts, "since")}起）。可先自费、保留票据后报销，有异议可以申诉。`,
    en: (facts) => `The person is ${facts.block} since ${factMinute(facts, "since")}.`,
  },
  evaluate(judging) {
    const blocks = blocksOf(judging);
    const hard = blocks.find((block) => !isExemptByStay(judging, block.sinceMs));
    const block = hard ?? blocks[0];
    if (block === undefined) return null;
    return {
      action: hard === undefined ? Rank.REVIEW : Rank.REJECT,
      code: "17",
      facts: { block: block.name, since: instantFact(block.sinceMs) },
      evidence: [],
    };
  },
});

/** The blocks that concern this swipe, gravest first. */
function blocksOf(judging: Judging): { name: string; sinceMs: number }[] {
  const { swipe } = judging;
  const at = personBlocksAt(judging.events(), judging.t);
  const isOnlineSettlement = swipe.kind === Kind.AUTHORIZE || swipe.kind === Kind.SETTLE;
  const usesAccount = swipe.accountFen === FEN_MISSING || swipe.accountFen > 0;
  const blocks: { name: string; sinceMs: number }[] = [];
  if (at.deceasedSinceMs !== null) blocks.push({ name: "deceased", sinceMs: at.deceasedSinceMs });
  if (at.suspendedSinceMs !== null && isOnlineSettlement)
    blocks.push({ name: "suspended", sinceMs: at.suspendedSinceMs });
  if (at.frozenSinceMs !== null && usesAccount) blocks.push({ name: "frozen", sinceMs: at.frozenSinceMs });
  return blocks;
}
