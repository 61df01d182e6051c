/** What the commands of `kadun cases` have in common: the case as it was read, a change of it. */

import { type CaseDetail, caseDetail } from "../../schemas/http/cases.js";
import type { ConsoleClient } from "../embedded/console-client.js";
import {
  type Desk,
  type DeskCommandLine,
  deskCommand,
  type Printed,
  seenVersion,
  type Values,
} from "../embedded/desk-command.js";
import { caseLines } from "./print.js";

const DESK: Desk = { command: "cases", thing: "case" };

export function caseCommand(command: DeskCommandLine) {
  return deskCommand(DESK, command);
}

export interface Change {
  readonly caseId: string;
  /** Behind the case's own address, such as `notes`. */
  readonly address: string;
  readonly body: object;
}

/** On the version that `--seen` names, else on the one that there is. @returns the case as it is then. */
export async function changeCase(
  client: ConsoleClient,
  { caseId, address, body }: Change,
  values: Values,
): Promise<Printed> {
  const path = casePath(caseId);
  const version = seenVersion(DESK, values) ?? (await client.get(path, caseDetail)).version;
  return printed(await client.post(`${path}/${address}`, { version, ...body }, caseDetail));
}

export function casePath(caseId: string): string {
  return `/v1/cases/${encodeURIComponent(caseId)}`;
}

export function printed(found: CaseDetail): Printed {
  return { json: [found], text: caseLines(found) };
}
