import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { CASE_FILES, CaseNames, plantedRecords } from "./patrol-cases.js";
import { PatrolWorld } from "./patrol-world.js";

type Finding = Awaited<ReturnType<PatrolWorld["findings"]>>[number];

describe.each(CASE_FILES)("patrol $patrol", ({ patrol, cases }) => {
  let world: PatrolWorld;
  let findings: readonly Finding[];
  const named = cases.map((each, index) => ({ ...each, names: new CaseNames(`${patrol}c${index}`) }));

  beforeAll(async () => {
    world = await PatrolWorld.open();
    world.decoyCards = named.flatMap(({ names, decoys }) => decoys.map((label) => names.card(label)));
    await world.plant(named.flatMap((each) => plantedRecords(each, each.names)));
    const reports = await world.round();
    expect(reports.filter(({ problem }) => problem !== null)).toEqual([]);
    findings = (await world.findings()).filter((finding) => finding.patrol === patrol);
  }, 60_000);
  afterAll(() => world.remove());

  test.each(named)("$title", ({ then, names }) => {
    const wanted = then.map(({ kind, subject, ...rest }) => ({
      kind,
      subject: names.subject(kind, subject),
      ...rest,
    }));
    const ofCase = findings.filter((finding) => isOf(finding, names));
    const found = ofCase.map((finding) => ({
      kind: finding.subject_kind,
      subject: finding.subject_key,
      window: finding.window_key,
      facts: finding.facts,
    }));
    const byName = (a: { kind: string; subject: string; window: string }, b: typeof a) =>
      `${a.kind}${a.subject}${a.window}` < `${b.kind}${b.subject}${b.window}` ? -1 : 1;
    expect(found.sort(byName)).toEqual(wanted.map(({ evidenceCount: _, ...rest }) => rest).sort(byName));
    for (const { kind, subject, window, evidenceCount } of wanted)
      if (evidenceCount !== undefined)
        expect(
          ofCase.find(
            (one) => one.subject_kind === kind && one.subject_key === subject && one.window_key === window,
          )!.evidence_count,
        ).toBe(evidenceCount);
  });
});

/** Its evidence is of swipes that the case planted. */
function isOf({ evidence }: Finding, names: CaseNames): boolean {
  return evidence.some(({ eventId }) => eventId.startsWith(names.of("")));
}
