/** For each route: what to ask so that a row of Hangzhou (33) is what is asked for; or why it has no rows of regions. */

import { CASE, decisionIdOf } from "../../alerts/appeals/appeals-world.js";
import { PERSON } from "../../alerts/outcome-records.js";

export const SHOP = "P33010000001";
export const REQUEST = "0123456789abcdef";
export const PACKAGE = "ab".repeat(32);
export const FINDING = "f-own";
export const SWIPE = "s-own";
export const ACCOUNT = "own33";

export type RegionSample =
  /** Names one row: others are told that there is none. */
  | {
      readonly kind: "row";
      readonly path: Readonly<Record<string, string>>;
      readonly body?: unknown;
      /** What is named is not there for its own region either: only that others are told so is seen. */
      readonly isMissing?: true;
    }
  /** A list or figures: the marks are there for the row's own region and for nobody else. */
  | {
      readonly kind: "list";
      readonly path?: Readonly<Record<string, string>>;
      readonly query?: string;
      readonly body?: unknown;
      readonly marks: readonly string[];
    }
  /** The whole nation's only. */
  | { readonly kind: "nation" }
  /** Nothing of regions in it, and why. */
  | { readonly kind: "none"; readonly why: string }
  /** Its rows are in another test, on another database. */
  | { readonly kind: "elsewhere"; readonly test: string };

const OWN = { kind: "none", why: "one's own" } as const;
const NOBODY_YET = { kind: "none", why: "before anybody has signed in" } as const;
const RULES = { kind: "none", why: "rules are the nation's" } as const;
const OVERVIEW = { kind: "elsewhere", test: "test/console/server/overview-http.test.ts" } as const;
const CHAIN = { kind: "none", why: "hashes and signatures of the chain" } as const;

const ofCase = (body?: unknown): RegionSample => ({ kind: "row", path: { id: CASE }, body });
const version = 999;

/** @param appealId of an appeal about the case. */
export function regionSamples(appealId: string): Readonly<Record<string, RegionSample>> {
  const ofAppeal = (body: object = {}, path: object = {}): RegionSample => ({
    kind: "row",
    path: { id: appealId, ...path },
    body: { version, ...body },
  });
  const decision = { outcomes: { [decisionIdOf(1)]: "upheld" }, own: [], reasons: "说明" };
  return {
    "CASES_ROUTES.list": { kind: "list", marks: [CASE] },
    "CASES_ROUTES.show": ofCase(),
    "CASES_ROUTES.assign": ofCase({ version }),
    "CASES_ROUTES.note": ofCase({ version, text: "说明" }),
    "CASES_ROUTES.strikeNote": {
      kind: "row",
      path: { id: CASE, note: "1" },
      body: { version, reason: "说明" },
    },
    "CASES_ROUTES.phoned": ofCase({ version, outcome: "reached" }),
    "CASES_ROUTES.move": ofCase({ version, to: "triage" }),
    "CASES_ROUTES.approve": { kind: "row", path: { id: CASE, proposal: "1" }, body: { version } },
    "CASES_ROUTES.reject": {
      kind: "row",
      path: { id: CASE, proposal: "1" },
      body: { version, reason: "说明" },
    },
    "CASES_ROUTES.audit": { kind: "nation" },
    "CASES_ROUTES.checkpoints": CHAIN,
    "CASE_PAGE_ROUTES.timeline": ofCase(),
    "CASE_PAGE_ROUTES.graph": ofCase(),
    "CASE_PAGE_ROUTES.drafts": ofCase(),
    "CASE_PAGE_ROUTES.keepDraft": ofCase({ field: "note", text: "说明" }),
    "CASE_PAGE_ROUTES.unmask": ofCase({ reason: "电话核实" }),
    "CASE_PAGE_ROUTES.colleagues": ofCase(),
    "QUEUE_ROUTES.page": { kind: "list", marks: [CASE] },
    "QUEUE_ROUTES.count": { kind: "list", marks: ['"count":2'] },
    "QUEUE_ROUTES.views": { kind: "none", why: "queries that people saved; they hold no rows" },
    "QUEUE_ROUTES.saveView": OWN,
    "QUEUE_ROUTES.removeView": OWN,
    "QUEUE_ROUTES.operations": OWN,
    "QUEUE_ROUTES.operate": { kind: "elsewhere", test: "test/alerts/queue/operation-runner.test.ts" },
    "QUEUE_ROUTES.operation": OWN,
    "QUEUE_ROUTES.takeBack": OWN,
    "APPEALS_ROUTES.list": { kind: "list", marks: [appealId] },
    "APPEALS_ROUTES.show": ofAppeal(),
    "APPEALS_ROUTES.document": { ...ofAppeal({}, { document: "none" }), isMissing: true } as RegionSample,
    "APPEALS_ROUTES.paper": { ...ofAppeal({}, { paper: "none" }), isMissing: true } as RegionSample,
    "APPEALS_ROUTES.national": ofAppeal(),
    "APPEALS_ROUTES.accept": ofAppeal(),
    "APPEALS_ROUTES.return": ofAppeal({ what: "说明" }),
    "APPEALS_ROUTES.resume": ofAppeal({ reason: "说明" }),
    "APPEALS_ROUTES.review": ofAppeal({ opinion: "说明" }),
    "APPEALS_ROUTES.investigate": ofAppeal({ findings: "说明" }),
    "APPEALS_ROUTES.decide": ofAppeal(decision),
    "APPEALS_ROUTES.confirm": ofAppeal(),
    "APPEALS_ROUTES.drop": ofAppeal({ reason: "说明" }),
    "APPEALS_ROUTES.reconsider": ofAppeal(decision),
    "APPEALS_ROUTES.reversals": { kind: "list", marks: [decisionIdOf(1)] },
    "APPEALS_ROUTES.handOver": { kind: "list", body: {}, marks: [decisionIdOf(1)] },
    "EVIDENCE_ROUTES.make": { kind: "row", path: {}, body: { caseId: CASE } },
    "EVIDENCE_ROUTES.take": { kind: "row", path: { id: PACKAGE } },
    "EVIDENCE_ROUTES.request": { kind: "row", path: {}, body: { caseId: CASE, reason: "移送公安机关办理" } },
    "EVIDENCE_ROUTES.requests": { kind: "list", marks: [REQUEST] },
    "EVIDENCE_ROUTES.approve": { kind: "row", path: { id: REQUEST } },
    "EVIDENCE_ROUTES.keys": { kind: "none", why: "public keys" },
    "EVIDENCE_ROUTES.rotate": { kind: "none", why: "whoever runs the machine" },
    "PERSON_ROUTES.person": { kind: "row", path: { key: PERSON } },
    "PERSON_ROUTES.timeline": { kind: "list", path: { key: PERSON }, marks: [SWIPE] },
    "INSTITUTION_ROUTES.institution": { kind: "row", path: { id: SHOP } },
    "INSTITUTION_ROUTES.terminal": { kind: "row", path: { id: SHOP, terminal: FINDING } },
    "FINDING_ROUTES.findings": { kind: "list", marks: [FINDING] },
    "FINDING_ROUTES.finding": { kind: "row", path: { id: FINDING } },
    "SEARCH_ROUTES.search": { kind: "list", query: `?q=${CASE}`, marks: ["330100"] },
    "AUDIT_ROUTES.entries": { kind: "list", marks: [appealId] },
    "AUDIT_ROUTES.signed": CHAIN,
    "AUDIT_ROUTES.verification": CHAIN,
    "AUDIT_ROUTES.verify": CHAIN,
    "AUDIT_ROUTES.cancel": CHAIN,
    "SYSTEM_ROUTES.system": { kind: "none", why: "counts of the whole installation" },
    "SYSTEM_ROUTES.deadLetters": { kind: "none", why: "records of which no region is known" },
    "SYSTEM_ROUTES.redrive": { kind: "none", why: "records of which no region is known" },
    "CONSOLE_ACCESS_ROUTES.session": OWN,
    "CONSOLE_ACCESS_ROUTES.signInOptions": NOBODY_YET,
    "CONSOLE_ACCESS_ROUTES.signIn": NOBODY_YET,
    "CONSOLE_ACCESS_ROUTES.signOut": OWN,
    "CONSOLE_ACCESS_ROUTES.demoSession": NOBODY_YET,
    "CONSOLE_ACCESS_ROUTES.link": NOBODY_YET,
    "CONSOLE_ACCESS_ROUTES.welcome": NOBODY_YET,
    "CONSOLE_ACCESS_ROUTES.password": OWN,
    "CONSOLE_ACCESS_ROUTES.sessions": OWN,
    "CONSOLE_ACCESS_ROUTES.endSession": OWN,
    "CONSOLE_ACCESS_ROUTES.accounts": { kind: "list", marks: [`"${ACCOUNT}"`] },
    "CONSOLE_ACCESS_ROUTES.addAccount": {
      kind: "elsewhere",
      test: "test/console/access/accounts-http.test.ts",
    },
    "CONSOLE_ACCESS_ROUTES.changeAccount": {
      kind: "row",
      path: { name: ACCOUNT },
      body: { version, roles: ["analyst"], scope: [], isDisabled: false, oidcSubject: null },
    },
    "CONSOLE_ACCESS_ROUTES.renewLink": { kind: "row", path: { name: ACCOUNT } },
    "CONSOLE_ACCESS_ROUTES.accountSessions": { kind: "row", path: { name: ACCOUNT } },
    "CONSOLE_ACCESS_ROUTES.endAccountSessions": { kind: "row", path: { name: ACCOUNT } },
    ...all(OVERVIEW, "OVERVIEW_ROUTES", [
      ["overview", "needs", "live", "trend", "rules", "cities", "institutions", "appeals"],
      ["decisions", "exportFigures", "exportDecisions"],
    ]),
    ...all({ kind: "none", why: "sums of the whole installation" }, "OVERVIEW_ROUTES", [
      ["reconcile", "reconciliation", "precision"],
    ]),
    ...all(RULES, "RULES_CONSOLE_ROUTES", [
      ["catalogue", "breaker", "drafts", "startDraft", "draft", "editRule", "lintRule", "commentDraft"],
      ["saveDraft", "dropDraft", "jobs", "startJob", "cancelJob", "policies", "policyLookup"],
    ]),
    ...all(
      { kind: "elsewhere", test: "test/console/rules/rules-console-http.test.ts" },
      "RULES_CONSOLE_ROUTES",
      [["figures", "job"]],
    ),
    ...all(RULES, "RULES_ROUTES", [
      ["status", "versions", "draft", "show", "content", "diff", "comment", "withdraw", "approve", "check"],
      ["confirm", "activate", "shadow", "rollback", "people", "changePeople"],
    ]),
  };
}

function all(
  sample: RegionSample,
  table: string,
  names: readonly (readonly string[])[],
): Record<string, RegionSample> {
  return Object.fromEntries(names.flat().map((name) => [`${table}.${name}`, sample]));
}
