/** What the commands of `kadun appeals` have in common: the appeal as it was read, a change of it. */

import { appealDetail } from "../../schemas/http/appeals.js";
import type { ConsoleClient } from "../embedded/console-client.js";
import {
  type Desk,
  type DeskCommandLine,
  deskCommand,
  type Printed,
  seenVersion,
  type Values,
} from "../embedded/desk-command.js";
import { appealLines } from "./print.js";

const DESK: Desk = { command: "appeals", thing: "appeal" };

export function appealCommand(command: DeskCommandLine) {
  return deskCommand(DESK, command);
}

/** On the version that `--seen` names, else on the one that there is. @returns the appeal as it is then. */
export async function changeAppeal(
  client: ConsoleClient,
  { appealId, address, body }: { readonly appealId: string; readonly address: string; readonly body: object },
  values: Values,
): Promise<Printed> {
  const path = appealPath(appealId);
  const version = seenVersion(DESK, values) ?? (await client.get(path, appealDetail)).version;
  const detail = await client.post(`${path}/${address}`, { version, ...body }, appealDetail);
  return { json: [detail], text: appealLines(detail) };
}

export function appealPath(appealId: string): string {
  return `/v1/appeals/${encodeURIComponent(appealId)}`;
}
