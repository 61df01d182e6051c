/**
 * Who may do what to a version: pure, a refusal or nothing. Publishing needs two people, the author and another who
 * approved; where the guard objects a third who confirmed. What a person did who was revoked since does not count.
 */

import type { RulesProblemCode } from "../../schemas/http/rules-problem.js";
import type { Standing } from "./activation.js";
import { rollbackTarget } from "./rollback-target.js";
import type { StoredCheck, Version } from "./version.js";

export interface Refused {
  readonly code: RulesProblemCode;
  readonly detail: string;
}

export interface Situation {
  readonly version: Version;
  readonly standing: Standing;
  readonly revoked: ReadonlySet<string>;
  /** Of rollbacks: what each goes back to. */
  readonly madeOf: ReadonlyMap<number, number>;
}

export function mayWithdraw({ version, standing }: Situation): Refused | null {
  return gone(version) ?? activated(version, standing);
}

export function mayApprove(situation: Situation, person: string): Refused | null {
  const { version, standing } = situation;
  const refused = gone(version) ?? activated(version, standing);
  if (refused !== null) return refused;
  if (version.author === person)
    return {
      code: "OWN_DRAFT",
      detail: `version ${version.version} is ${person}'s own; another person approves it`,
    };
  if (version.approvals.some((approval) => approval.person === person))
    return { code: "SAME_PERSON", detail: `${person} has approved version ${version.version} already` };
  return null;
}

export function mayConfirm(situation: Situation, person: string): Refused | null {
  const { version, standing } = situation;
  const refused = gone(version) ?? activated(version, standing) ?? notApproved(situation);
  if (refused !== null) return refused;
  if (version.author === person)
    return {
      code: "OWN_DRAFT",
      detail: `version ${version.version} is ${person}'s own; a third person confirms it`,
    };
  if (approversOf(situation).every((approver) => approver === person))
    return {
      code: "SAME_PERSON",
      detail: `${person} approved version ${version.version}; a third person confirms it`,
    };
  const check = version.checks[0];
  if (check === undefined)
    return {
      code: "NOTHING_TO_CONFIRM",
      detail: `version ${version.version} was not checked yet; 'kadun rules check ${version.version}' says what the guard objects to`,
    };
  if (check.result === "ok")
    return { code: "NOTHING_TO_CONFIRM", detail: `the guard does not object to version ${version.version}` };
  if (check.confirmedBy !== null)
    return { code: "NOTHING_TO_CONFIRM", detail: `${check.confirmedBy} has confirmed it already` };
  return null;
}

export interface Publishing {
  /** Author, approver, and who confirmed. */
  readonly publishedBy: readonly string[];
}

/**
 * @param fresh the guard's last word where it still holds; null where it has to be asked. A rollback is not checked: it ran.
 * @returns who publishes; a refusal; or that the guard has to be asked first.
 */
export function mayActivate(
  situation: Situation,
  fresh: StoredCheck | null,
  options: { readonly replace: boolean },
): Publishing | Refused | "guard" {
  const { version, standing, revoked } = situation;
  const refused =
    gone(version) ??
    outOfPlace(situation) ??
    (revoked.has(version.author)
      ? { code: "AUTHOR_REVOKED", detail: `${version.author} was revoked; somebody drafts it anew` }
      : null) ??
    notApproved(situation) ??
    partial(standing, options);
  if (refused !== null) return refused as Refused;
  const approvers = approversOf(situation);
  if (version.origin === "rollback") return { publishedBy: [version.author, approvers[0]!] };
  if (fresh === null) return "guard";
  if (fresh.result === "ok") return { publishedBy: [version.author, approvers[0]!] };
  const confirmer = fresh.confirmedBy;
  const approver = approvers.find((person) => person !== confirmer);
  if (confirmer === null || revoked.has(confirmer) || approver === undefined)
    return {
      code: "GUARD_OBJECTS",
      detail: `${fresh.text}. A third person, neither ${version.author} nor ${approvers[0]}, may confirm it in spite of that: 'kadun rules confirm ${version.version}'`,
    };
  return { publishedBy: [version.author, approver, confirmer] };
}

/** Nothing but the last activation stands against a shadow: it changes no answer. */
export function mayShadow(situation: Situation | null, standing: Standing, replace: boolean): Refused | null {
  if (standing.current === null) return notTakenOver;
  const shadow = situation?.version.version ?? null;
  if (standing.current.shadowVersion === shadow)
    return {
      code: "NOTHING_CHANGES",
      detail: shadow === null ? "no draft is in shadow" : `version ${shadow} is in shadow already`,
    };
  if (situation !== null) {
    const refused = gone(situation.version);
    if (refused !== null) return refused;
    if (situation.version.bundleHash === standing.current.bundleHash)
      return { code: "NOTHING_CHANGES", detail: `version ${shadow} is what runs; its hits are live` };
  }
  return partial(standing, { replace });
}

/** @returns the version that ran before the running one, or why there is none. */
export function targetOf(standing: Standing, madeOf: ReadonlyMap<number, number>): number | Refused {
  if (standing.current === null) return notTakenOver;
  return (
    rollbackTarget(standing.activations, madeOf) ?? {
      code: "NOTHING_BEFORE",
      detail: `version ${standing.current.version} is the first one known here; draft what should run and publish it`,
    }
  );
}

export function partial({ open }: Standing, { replace }: { readonly replace: boolean }): Refused | null {
  if (open === null || replace) return null;
  return {
    code: "PARTIAL",
    detail: `activation ${open.sequence} (version ${open.version}) is not answered by every partition yet; 'kadun rules status' shows which, --replace publishes over it`,
  };
}

const notTakenOver: Refused = {
  code: "NOT_TAKEN_OVER",
  detail:
    "the running activation is not known here yet: the gateway has not told it; 'kadun rules status' says why",
};

/** A version's number only grows: content is whole, so an older draft would undo what was published since. */
function outOfPlace({ version, standing, madeOf }: Situation): Refused | null {
  const { current } = standing;
  if (current === null) return notTakenOver;
  const { version: number, bundleHash, origin } = version;
  if (bundleHash === current.bundleHash)
    return {
      code: "NOTHING_CHANGES",
      detail: `this bundle is activated already, as version ${current.version}`,
    };
  const refused = activated(version, standing);
  if (refused !== null) return refused;
  if (number < current.version)
    return {
      code: "VERSION_OLD",
      detail: `version ${number} was drafted before version ${current.version}, which runs, and would undo it; draft it anew on top of that`,
    };
  if (origin !== "rollback") return null;
  const target = targetOf(standing, madeOf);
  if (target === version.madeOf) return null;
  return {
    code: "ROLLBACK_OUTDATED",
    detail: `version ${number} goes back to version ${version.madeOf}, which is not what ran before version ${current.version}; 'kadun rules rollback' asks for that`,
  };
}

function gone({ version, withdrawnBy }: Version): Refused | null {
  if (withdrawnBy === null) return null;
  return {
    code: "VERSION_WITHDRAWN",
    detail: `version ${version} was withdrawn by ${withdrawnBy}; draft it anew`,
  };
}

function activated({ version }: Version, { activations }: Standing): Refused | null {
  const last = activations.findLast((each) => each.version === version);
  if (last === undefined) return null;
  return {
    code: "VERSION_ACTIVATED",
    detail: `version ${version} was activated as ${last.sequence}; 'kadun rules rollback' goes back to what ran before, a new draft can have the same content`,
  };
}

function notApproved(situation: Situation): Refused | null {
  if (approversOf(situation).length > 0) return null;
  const { version, author } = situation.version;
  return {
    code: "NOT_APPROVED",
    detail: `nobody but ${author} stands behind version ${version}; another person approves it: 'kadun rules approve ${version}'`,
  };
}

/** Whose approval counts, the first one first. */
function approversOf({ version, revoked }: Situation): readonly string[] {
  return version.approvals
    .map(({ person }) => person)
    .filter((person) => person !== version.author && !revoked.has(person));
}
