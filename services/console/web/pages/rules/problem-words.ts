/** What the office refuses of rules, for people to read. */

import type { RulesConsoleProblemCode } from "../../../../../schemas/http/rules-console-problem.js";
import type { RulesProblemCode } from "../../../../../schemas/http/rules-problem.js";
import { Refused } from "../../app/ask.js";
import { shellWords } from "../../words/shell.js";
import { filled, type Language } from "../../words/words.js";

const CHINESE: Partial<Record<RulesProblemCode | RulesConsoleProblemCode, string>> = {
  OWN_DRAFT: "起草人不能复核、确认自己的版本，请由另一人操作。",
  SAME_PERSON: "这一步需要由另一个人操作。",
  NOT_APPROVED: "还没有他人复核通过，不能发布。",
  AUTHOR_REVOKED: "起草人已停用，请由他人重新起草。",
  GUARD_OBJECTS: "发布前检查有异议，须由第三人确认后才能发布。",
  NOTHING_TO_CONFIRM: "没有需要确认的异议。",
  PARTIAL: "上一次发布尚未得到全部分区应答；可稍后再试，或选择仍然发布。",
  NOTHING_CHANGES: "与当前运行的相同，无需发布。",
  NOTHING_BEFORE: "在当前版本之前没有运行过其他版本，无从回退。",
  ROLLBACK_OUTDATED: "上一个运行的版本已经变化，请重新请求回退。",
  VERSION_WITHDRAWN: "该版本已撤回。",
  VERSION_ACTIVATED: "该版本已发布过。",
  VERSION_OLD: "该版本早于当前运行版本；如要回到它，请使用回退。",
  NOT_TAKEN_OVER: "尚不知道当前运行的版本，请稍后再试。",
  JOB_RUNNING: "同类任务正在进行，请等待或取消它。",
  JOB_ENDED: "任务已经结束。",
  NO_FIGURES: "此服务没有统计数据库，无法完成。",
  DRAFTS_FULL: "草稿已达上限（20 份），请先删除不需要的。",
  BUNDLE_INVALID: "草稿有错误，改正后再存为版本。",
};

export function refusalText(error: unknown, language: Language): string {
  if (!(error instanceof Refused)) return error instanceof Error ? error.message : String(error);
  const shell = shellWords[language];
  if (error.code === "AWAY") return shell.away;
  if (error.code === "STORE_AWAY") return shell.storeAway;
  if (error.code === "INTERNAL") return filled(shell.failed, { code: error.code });
  const known = language === "zh" ? CHINESE[error.code as keyof typeof CHINESE] : undefined;
  return known ?? `${error.detail} (${error.code})`;
}
