/** An evaluation as the Markdown of docs/evaluation.md. */
import { BAR, costlyRules, type Evaluation } from "./evaluation.js";
import { ATTACK_GROUPS, ATTACKS } from "./labels.js";
import type { AttackScore, RuleAlarms } from "./scoreboard-model.js";
import { intervalText, percent } from "./scoreboard-text.js";

export function evaluationMarkdown(evaluation: Evaluation): string {
  return [
    ...verdictLines(evaluation),
    "",
    "### Planted attacks",
    "",
    ...markdownTable(
      [
        "kind",
        "rules",
        "planted",
        "recall",
        "95 %",
        "inline recall",
        "95 %",
        "challenged or rejected",
        "other rule",
      ],
      evaluation.attacks.map(attackCells),
    ),
    "",
    `### Honest people: ${whole(evaluation.honestSwipes)} swipes`,
    "",
    ...markdownTable(
      [
        "rule",
        "alarms per 10,000",
        "strongest",
        "challenges and rejects per 10,000",
        "by it alone",
        "rejects",
        "without the rule",
      ],
      evaluation.byRule.map((row) => ruleCells(row, evaluation)),
    ),
    "",
    ...markdownTable(
      ["seed", "honest swipes", "challenged or rejected", "rejected"],
      evaluation.seeds.map((seed) => [
        String(seed.seed),
        whole(seed.honestSwipes),
        percent(seed.challengeRejectShare),
        percent(seed.rejectShare),
      ]),
    ),
    "",
    foundAgainLine(evaluation),
  ].join("\n");
}

function verdictLines(evaluation: Evaluation): string[] {
  const { verdict, challengeRejectShare, rejectShare, attacks, byRule } = evaluation;
  const missed = verdict.inlineRecallMissed.map(({ kind, inlineRecall }) => `${kind} ${share(inlineRecall)}`);
  const dearest = costlyRules(byRule)
    .slice(0, 4)
    .map(({ rule, strongPer10k }) => `${rule} ${strongPer10k.toFixed(1)}`);
  return [
    `- Challenged or rejected: ${percent(challengeRejectShare)} of honest swipes, at most ` +
      `${percent(BAR.challengeRejectShareMax)}: **${word(verdict.challengeRejectHeld)}** (per 10,000: ${dearest.join(", ")}; ` +
      `without victims after their incident began ${percent(evaluation.challengeRejectShareOfOthers)}).`,
    `- Rejected: ${percent(rejectShare)}, at most ${percent(BAR.rejectShareMax)}: **${word(verdict.rejectHeld)}**.`,
    `- Inline recall at least ${BAR.inlineRecallMin} for each kind that is not evasive: ` +
      `**${word(missed.length === 0)}** (lowest ${share(lowestRecall(attacks))}${missed.length === 0 ? "" : `; below: ${missed.join(", ")}`}).`,
  ];
}

function word(isHeld: boolean): string {
  return isHeld ? "held" : "NOT HELD";
}

function lowestRecall(attacks: readonly AttackScore[]): number | null {
  const recalls = attacks.flatMap(({ kind, inlineRecall }) =>
    ATTACKS[kind].group === "evasive" || inlineRecall === null ? [] : [inlineRecall],
  );
  return recalls.length === 0 ? null : Math.min(...recalls);
}

function attackCells(score: AttackScore): string[] {
  const { chinese, group, expected } = ATTACKS[score.kind];
  const evasive = group === "evasive" ? ` (${ATTACK_GROUPS.evasive.split(",")[0]})` : "";
  return [
    `${score.kind} ${chinese}${evasive}`,
    expected.map(({ rule }) => rule).join(" "),
    whole(score.planted),
    share(score.recall),
    intervalText(score.recallInterval),
    share(score.inlineRecall),
    intervalText(score.inlineRecallInterval),
    whole(score.caughtStrong),
    whole(score.missedOtherRule),
  ];
}

/** The last cell: challenged or rejected honest swipes, had this rule no say. */
function ruleCells(row: RuleAlarms, { byAction, honestSwipes }: Evaluation): string[] {
  const without = (byAction.challenge + byAction.reject - row.strongAlone) / honestSwipes;
  return [
    row.rule,
    row.per10k.toFixed(1),
    row.strongest,
    row.strongPer10k.toFixed(1),
    ((row.strongAlone * 10_000) / honestSwipes).toFixed(1),
    whole(row.rejects),
    percent(without),
  ];
}

function foundAgainLine({ foundAgain }: Evaluation): string {
  const { approve, review, challenge, reject } = foundAgain.byAction;
  return (
    `Cards found again and used unreleased, counted apart: ${whole(foundAgain.swipes)} swipes, ` +
    `${whole(reject)} rejected, ${whole(challenge)} challenged, ${whole(review)} reviewed, ${whole(approve)} approved.`
  );
}

function markdownTable(headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)];
}

function share(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}

function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
