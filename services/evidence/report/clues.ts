/** 线索 as bureaus' case systems import them: facts with numbers of transactions; nobody is accused. */

import type { CaseFile, Clue } from "../../../schemas/evidence/package.js";
import { formatInstant } from "../../../schemas/instant.js";
import { yuanTextOf } from "../../../schemas/national/yuan.js";
import type { VisitedInstitution } from "../facts/institutions.js";
import { INSTITUTION_WORDS, instantWords } from "../facts/words.js";
import type { Findings } from "./findings.js";

const TO_BE_CHECKED = "以上为系统记录的事实和指标，有待核实，不是认定。";

export function cluesOf(caseFile: CaseFile, findings: Findings): readonly Clue[] {
  const asked = findings.institutions.filter(({ questioned }) => questioned.length > 0);
  return [
    ...(findings.totals.inQuestion.count > 0 || asked.length > 0 ? [userClue(caseFile, findings)] : []),
    ...asked.map((visited) => institutionClue(caseFile, visited)),
  ];
}

/** Whoever used the card: the system knows no name. */
function userClue(caseFile: CaseFile, { totals, pins, rules, first, last }: Findings): Clue {
  const { inQuestion, disputed, inQuestionBeforeEffect: before, inQuestionAfterEffect: after } = totals;
  const ruleIds = [...new Set(rules.map(({ rule }) => rule))];
  const range =
    first === null || last === null
      ? ""
      : `记录期间${instantWords(first.swipe.occurredAt)}至${instantWords(last.swipe.occurredAt)}。`;
  return {
    suspectName: "待核实（凭证使用人）",
    suspectType: "INDIVIDUAL",
    content: [
      `案件${caseFile.caseId}。${range}`,
      `列入待核实的有效结算${inQuestion.count}笔、${yuanTextOf(inQuestion.totalFen)}元，其中争议消费${disputed.count}笔、${yuanTextOf(disputed.totalFen)}元。`,
      `待核实的各笔中，挂失生效前${before.count}笔、${yuanTextOf(before.totalFen)}元，生效后${after.count}笔、${yuanTextOf(after.totalFen)}元。`,
      `密码错误${pins.wrong}次。`,
      ruleIds.length === 0 ? "" : `触发规则：${ruleIds.join("、")}。`,
      TO_BE_CHECKED,
    ].join(""),
  };
}

function institutionClue({ caseId }: CaseFile, visited: VisitedInstitution): Clue {
  const { id, name, kind, regionName, inQuestion, questioned, firstAtMs, lastAtMs, wrongPins } = visited;
  return {
    suspectName: name === "" ? id : name,
    suspectType: "PROVIDER",
    content: [
      `案件${caseId}。${INSTITUTION_WORDS[kind]}，编号${id}，${regionName}。`,
      `${instantWords(formatInstant(firstAtMs))}至${instantWords(formatInstant(lastAtMs))}在该机构的交易中，列入待核实的有效结算${inQuestion.count}笔、${yuanTextOf(inQuestion.totalFen)}元（交易清单第${questioned.join("、")}笔${inQuestion.count > questioned.length ? "等" : ""}）；密码错误${wrongPins}次。`,
      "请该机构协助提供：监控录像、处方或购药登记、票据、终端与操作员记录。",
      TO_BE_CHECKED,
    ].join(""),
  };
}
