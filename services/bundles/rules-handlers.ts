/** What each address of `/v1/rules` and `/v1/people` does. */

import type * as z from "zod";
import type { VersionDetail } from "../../schemas/http/rules.js";
import { RULES_ROUTES, type RulesRouteName } from "../../schemas/http/rules-routes.js";
import { readStanding, summaryOf } from "./activation.js";
import { approve, checkVersion, confirm } from "./approving.js";
import type { BundlesService } from "./bundles-service.js";
import { differences } from "./diff.js";
import { addComment, draft, withdraw } from "./drafting.js";
import { activate, rollback, shadow } from "./publishing.js";
import { RulesRefusal } from "./refusal.js";
import type { RulesRoom } from "./rules-room.js";
import { readContent, readRevoked, readVersion, readVersions } from "./version.js";
import { versionDetailOf, versionSummaryOf } from "./version-answer.js";

export interface Asked {
  readonly person: string;
  /** Of the address; 0 where it has none. */
  readonly version: number;
  readonly query: URLSearchParams;
  /** As the route's shape gave it. */
  readonly body: unknown;
}

type Handler<Name extends RulesRouteName> = (
  service: BundlesService,
  asked: Asked,
) => Promise<z.input<(typeof RULES_ROUTES)[Name]["answer"]>>;

export const RULES_HANDLERS: { readonly [Name in RulesRouteName]: Handler<Name> } = {
  status: (service) => service.status(),
  versions: async ({ room: { tables } }) => {
    const [standing, revoked] = [await readStanding(tables), await readRevoked(tables)];
    const versions = await readVersions(tables);
    return { versions: versions.map((version) => versionSummaryOf(version, standing, revoked)) };
  },
  draft: async ({ room }, { person, body }) => {
    const { content, comment } = RULES_ROUTES.draft.body.parse(body);
    return detail(room, await draft(room, person, { content, comment }));
  },
  show: ({ room }, { version }) => detail(room, version),
  content: async ({ room: { tables } }, { version }) => {
    const { bundleHash } = await readVersion(tables, version);
    return { version, bundleHash, content: await readContent(tables, bundleHash) };
  },
  diff: ({ room }, { version, query }) => diff(room, version, query.get("from")),
  comment: async ({ room }, { person, version, body }) => {
    const { text } = RULES_ROUTES.comment.body.parse(body);
    await addComment(room, person, { version, text });
    return detail(room, version);
  },
  withdraw: async ({ room }, { person, version }) => {
    await withdraw(room, person, version);
    return detail(room, version);
  },
  approve: async ({ room }, { person, version }) => {
    await approve(room, person, version);
    return detail(room, version);
  },
  check: async ({ room }, { version }) => {
    await checkVersion(room, version);
    return detail(room, version);
  },
  confirm: async ({ room }, { person, version }) => {
    await confirm(room, person, version);
    return detail(room, version);
  },
  activate: async ({ room }, { version, body }) => {
    const options = RULES_ROUTES.activate.body.parse(body);
    return { activation: summaryOf(await activate(room, version, options)) };
  },
  shadow: async ({ room }, { person, body }) => {
    const options = RULES_ROUTES.shadow.body.parse(body);
    return { activation: summaryOf(await shadow(room, person, options)) };
  },
  rollback: async ({ room }, { person, body }) => {
    const options = RULES_ROUTES.rollback.body.parse(body);
    const { version, activation } = await rollback(room, person, options);
    return { version: await detail(room, version), activation: activation && summaryOf(activation) };
  },
  people: async ({ people }) => ({ people: [...(await people.list())] }),
  changePeople: async ({ people }, { body }) => {
    const { action, name } = RULES_ROUTES.changePeople.body.parse(body);
    if (action === "add") return { key: await people.add(name) };
    await people.revoke(name);
    return { key: null };
  },
};

async function detail({ tables }: RulesRoom, version: number): Promise<VersionDetail> {
  const found = await readVersion(tables, version);
  return versionDetailOf(found, await readStanding(tables), await readRevoked(tables));
}

async function diff({ tables }: RulesRoom, version: number, from: string | null) {
  const against = from === null ? await currentVersion(tables) : numberOf(from);
  const [before, after] = [await readVersion(tables, against), await readVersion(tables, version)];
  const changes = differences(
    await readContent(tables, before.bundleHash),
    await readContent(tables, after.bundleHash),
  );
  return { version, against, isSame: changes.length === 0, changes };
}

async function currentVersion(tables: RulesRoom["tables"]): Promise<number> {
  const { current } = await readStanding(tables);
  if (current !== null) return current.version;
  throw new RulesRefusal(
    "NOT_TAKEN_OVER",
    "what runs is not known here yet; name the version to compare with",
  );
}

function numberOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RulesRefusal("VERSION_UNKNOWN", `from '${text}': expected the number of a version`);
}
