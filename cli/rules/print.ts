/** Versions, activations and their state as lines for people. */

import type {
  ActivationSummary,
  Change,
  CheckSummary,
  OpenActivation,
  RulesStatus,
  VersionDetail,
  VersionSummary,
} from "../../schemas/http/rules.js";

/** Of a value that changed: more is in --json. */
const VALUE_LENGTH_MAX = 160;
const HASH_SHOWN = 12;

export function versionLine(version: VersionSummary): string {
  const { version: number, state, isInShadow, author, createdAt, bundleHash, comment } = version;
  const shown = isInShadow ? `${state}, in shadow` : state;
  return `${number}  ${shown.padEnd(10)}  ${author}  ${createdAt}  ${short(bundleHash)}  ${comment.split("\n", 1)[0]}`;
}

export function versionLines(version: VersionDetail): string[] {
  const { comments, approvals, checks, activations, madeOf, origin, withdrawnBy } = version;
  return [
    versionLine(version),
    `bundle ${version.bundleHash}`,
    ...(madeOf === null ? [] : [`${origin} of version ${madeOf}`]),
    ...(withdrawnBy === null ? [] : [`withdrawn by ${withdrawnBy}`]),
    ...comments.map(({ author, text, writtenAt }) => `comment    ${author}, ${writtenAt}: ${text}`),
    ...approvals.map(
      ({ person, approvedAt, counts }) =>
        `approved   ${person}, ${approvedAt}${counts ? "" : " (revoked since: does not count)"}`,
    ),
    ...checks.map(checkLine),
    ...activations.map((activation) => `activated  ${activationLine(activation)}`),
  ];
}

function checkLine({ result, text, numbers, checkedAt, confirmedBy }: CheckSummary): string {
  const measured = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  const figures = measured.length === 0 ? "" : ` (${measured.join(", ")})`;
  const confirmed = confirmedBy === null ? "" : `; confirmed by ${confirmedBy}`;
  return `guard      ${result}, ${checkedAt}: ${text}${figures}${confirmed}`;
}

export function activationLine(activation: ActivationSummary): string {
  const { sequence, version, shadowVersion, kind, status, publishedBy, createdAt, reason, engineVersion } =
    activation;
  const shadow = shadowVersion === null ? "" : `, version ${shadowVersion} in shadow`;
  const by = publishedBy.length === 0 ? "" : ` by ${publishedBy.join(", ")}`;
  const engine = engineVersion === null ? "" : `, engine ${engineVersion}`;
  const why = reason === null ? "" : `: ${reason}`;
  return `activation ${sequence}: version ${version}${shadow}${engine}, ${kind}${by}, ${createdAt}, ${status}${why}`;
}

export function statusLines({ running, shadowVersion, open, lastRefused, alarms }: RulesStatus): string[] {
  return [
    running === null
      ? "running: not known yet, the gateway has not told it"
      : `running: ${activationLine(running)}`,
    `shadow: ${shadowVersion === null ? "none" : `version ${shadowVersion}`}`,
    ...(open === null ? [] : openLines(open)),
    ...(lastRefused === null ? [] : [`refused: ${activationLine(lastRefused)}`]),
    ...alarms.map((alarm) => `ALARM ${alarm}`),
  ];
}

function openLines(open: OpenActivation): string[] {
  const silent = open.partitions.filter(({ answer }) => answer === null).map(({ partition }) => partition);
  const refused = open.partitions.filter(({ answer }) => answer !== null && answer !== "activated");
  return [
    `partial ${open.answered}/${open.partitions.length}: ${activationLine(open)}, for ${open.waitingSeconds} s, sent ${open.timesSent} times`,
    ...(silent.length === 0 ? [] : [`  silent: ${silent.join(", ")}`]),
    ...refused.map(({ partition, answer }) => `  partition ${partition}: ${answer}`),
    ...(open.trouble === null ? [] : [`  trouble: ${open.trouble}`]),
  ];
}

export function changeLine({ path, before, after }: Change): string {
  return `${path}: ${valueText(before)} → ${valueText(after)}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return "(absent)";
  const text = JSON.stringify(value);
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}

function short(hash: string): string {
  return hash.slice(0, HASH_SHOWN);
}
