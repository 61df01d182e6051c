import { beforeAll, describe, expect, test } from "@jest/globals";
import { CASE_FILES, CaseNames, plantedRecords } from "./patrol-cases.js";
import { PatrolWorld } from "./patrol-world.js";

type Finding = Awaited<ReturnType<PatrolWorld["findings"]>>[number];

const FILES = CASE_FILES.map(({ patrol, cases }) => ({
  patrol,
  named: cases.map((each, index) => ({ ...each, names: new CaseNames(`${patrol}c${index}`) })),
}));

let found: readonly Finding[];
// All cases lie in one world: their names tell them apart, and no case may be disturbed by another.
beforeAll(async () => {
  const every = FILES.flatMap(({ named }) => named);
  const world = await PatrolWorld.open();
  try {
    world.decoyCards = every.flatMap(({ names, decoys }) => decoys.map((label) => names.card(label)));
    await world.plant(every.flatMap((each) => plantedRecords(each, each.names)));
    const reports = await world.round();
    expect(reports.filter(({ problem }) => problem !== null)).toEqual([]);
    found = await world.findings();
  } finally {
    await world.remove();
  }
}, 120_000);

describe.each(FILES)("patrol $patrol", ({ patrol, named }) => {
  test.each(named)("$title", ({ then, names }) => {
    const wanted = then.map(({ kind, subject, ...rest }) => ({
      kind,
      subject: names.subject(kind, subject),
      ...rest,
    }));
    const ofCase = found.filter((finding) => finding.patrol === patrol && isOf(finding, names));
    const said = ofCase.map((finding) => ({
      kind: finding.subject_kind,
      subject: finding.subject_key,
      window: finding.window_key,
      facts: finding.facts,
    }));
    const byName = (a: { kind: string; subject: string; window: string }, b: typeof a) =>
      `${a.kind}${a.subject}${a.window}` < `${b.kind}${b.subject}${b.window}` ? -1 : 1;
    expect(said.sort(byName)).toEqual(wanted.map(({ evidenceCount: _, ...rest }) => rest).sort(byName));
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
