/**
 * Who may do what at the console: roles, permissions and the regions a person is responsible for. One table for the
 * server, the pages (which hide what is not allowed) and docs/console.md.
 */

export const ROLES = ["analyst", "reviewer", "rule-manager", "auditor", "administrator"] as const;
export type Role = (typeof ROLES)[number];

export const ROLE_MEANINGS: Readonly<Record<Role, string>> = {
  analyst: "works on alerts and cases, proposes, asks for evidence, reviews appeals",
  reviewer: "what an analyst does, and decides what others propose",
  "rule-manager": "drafts, tests, approves and publishes rules",
  auditor: "reads everything, also the audit log; changes nothing",
  administrator: "keeps accounts and the system running; sees no persons",
};

export const PERMISSION_MEANINGS = {
  "overview.read": "today's figures: counts and sums of the regions, no persons",
  "cases.read": "alerts, cases, persons, institutions, findings, masked",
  "cases.work": "takes cases, moves them on, notes, bulk actions",
  "cases.decide": "decides what another proposed",
  "person.unmask": "sees personal data after giving a reason, which is written down",
  "evidence.export": "makes masked evidence packages, asks for unmasked ones",
  "evidence.approve": "agrees to an unmasked package that another asked for",
  "appeals.read": "appeals with what holders wrote",
  "appeals.work": "accepts, returns, reviews, investigates, decides appeals (two people)",
  "rules.read": "rules, versions, policies, precision, gaps",
  "rules.draft": "drafts, comments, backtests, shadows, verdicts",
  "rules.publish": "approves, confirms, publishes, rolls back",
  "analytics.read": "trends and rankings of the regions, exports of them",
  "audit.read": "the audit log and its verification",
  "system.read": "health, lag, dead letters",
  "system.redrive": "drives dead letters again",
  "accounts.manage": "accounts, roles, regions, sessions of others",
} as const;
export type Permission = keyof typeof PERMISSION_MEANINGS;
export const PERMISSIONS = Object.keys(PERMISSION_MEANINGS) as readonly Permission[];

const READING = ["overview.read", "cases.read", "appeals.read", "rules.read", "analytics.read"] as const;
const WORKING = [...READING, "cases.work", "person.unmask", "evidence.export", "appeals.work"] as const;

export const ROLE_PERMISSIONS = {
  analyst: WORKING,
  reviewer: [...WORKING, "cases.decide", "evidence.approve"],
  "rule-manager": ["overview.read", "analytics.read", "rules.read", "rules.draft", "rules.publish"],
  auditor: [...READING, "audit.read", "system.read"],
  administrator: ["overview.read", "system.read", "system.redrive", "accounts.manage"],
} as const satisfies Readonly<Record<Role, readonly Permission[]>>;

/** Of all roles together. */
export function permissionsOf(roles: readonly Role[]): ReadonlySet<Permission> {
  return new Set(roles.flatMap((role): readonly Permission[] => ROLE_PERMISSIONS[role]));
}

/**
 * Division codes of 2, 4 or 6 digits that a person is responsible for, each with everything below it; `""` is the nation.
 * None: no rows at all.
 */
export type Scope = readonly string[];
export const NATION: Scope = [""];
/** Of one person: a province with all its counties named singly would be too many. */
export const SCOPE_PREFIXES_MAX = 16;

/** @param regions of one row; it is shown where any of them lies in the scope. Unknown ones ("") are the nation's. */
export function isInScope(scope: Scope, ...regions: readonly string[]): boolean {
  return scope.some((prefix) => regions.some((region) => region.startsWith(prefix)));
}
