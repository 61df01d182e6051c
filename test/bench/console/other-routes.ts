/** Routes that read and are asked by no query of `alerts-queries.ts`, each with why it needs none. */

const FIGURES = "asks the analytics database: bench/console/console-queries.ts";
const RULES = "versions, drafts and work about rules: some a month, whatever is swiped";
const PEOPLE = "accounts and sessions: as many as there are people";
const ONE_FILE = "one thing by its key";
const HELD = "what the process has in memory";

export const OTHER_ROUTES: Readonly<Record<string, string>> = {
  "OVERVIEW_ROUTES.trend": FIGURES,
  "OVERVIEW_ROUTES.rules": FIGURES,
  "OVERVIEW_ROUTES.cities": FIGURES,
  "OVERVIEW_ROUTES.institutions": FIGURES,
  "OVERVIEW_ROUTES.decisions": FIGURES,
  "OVERVIEW_ROUTES.exportFigures": FIGURES,
  "OVERVIEW_ROUTES.exportDecisions": "the same rows, page by page up to a limit",
  "OVERVIEW_ROUTES.precision": "counted in the background, minutes apart",
  "OVERVIEW_ROUTES.reconciliation": HELD,
  "CASE_PAGE_ROUTES.graph": FIGURES,
  "CASE_PAGE_ROUTES.colleagues": PEOPLE,
  "QUEUE_ROUTES.operation": ONE_FILE,
  "APPEALS_ROUTES.document": ONE_FILE,
  "APPEALS_ROUTES.paper": ONE_FILE,
  "EVIDENCE_ROUTES.take": ONE_FILE,
  "EVIDENCE_ROUTES.keys": "a file of keys",
  "AUDIT_ROUTES.verification": HELD,
  "SYSTEM_ROUTES.deadLetters": "the gateway's own log, page by page",
  "CONSOLE_ACCESS_ROUTES.session": PEOPLE,
  "CONSOLE_ACCESS_ROUTES.signInOptions": PEOPLE,
  "CONSOLE_ACCESS_ROUTES.sessions": PEOPLE,
  "CONSOLE_ACCESS_ROUTES.accounts": PEOPLE,
  "CONSOLE_ACCESS_ROUTES.accountSessions": PEOPLE,
  "RULES_CONSOLE_ROUTES.catalogue": RULES,
  "RULES_CONSOLE_ROUTES.figures": FIGURES,
  "RULES_CONSOLE_ROUTES.breaker": RULES,
  "RULES_CONSOLE_ROUTES.drafts": RULES,
  "RULES_CONSOLE_ROUTES.draft": RULES,
  "RULES_CONSOLE_ROUTES.jobs": RULES,
  "RULES_CONSOLE_ROUTES.job": RULES,
  "RULES_CONSOLE_ROUTES.policies": RULES,
  "RULES_CONSOLE_ROUTES.policyLookup": RULES,
  "RULES_ROUTES.status": RULES,
  "RULES_ROUTES.versions": RULES,
  "RULES_ROUTES.show": RULES,
  "RULES_ROUTES.content": RULES,
  "RULES_ROUTES.diff": RULES,
  "RULES_ROUTES.people": PEOPLE,
};
