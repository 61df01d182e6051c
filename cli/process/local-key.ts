/** The API key of the built-in network `local`: lets the commands of this machine talk to the gateway. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Networks, PERMISSIONS } from "../../services/ingest/networks.js";
import { OperatingError } from "../exit-status.js";

export const LOCAL_NETWORK = "local";
/** Files are sent as fast as the journal takes them. */
const LOCAL_LIMIT = { recordsPerSecond: 1_000_000, burst: 1_000_000 };
/** This machine may send whatever may be sent. */
const LOCAL_PERMISSIONS = PERMISSIONS;
const OWNER_ONLY = 0o600;

/** Makes the key at the first start, or anew where the file was lost. One of an earlier release may do what this one knows. */
export async function ensureLocalKey(path: string, networks: Networks): Promise<void> {
  const admitted = existsSync(path) ? networks.admit(`Bearer ${readLocalKey(path)}`) : null;
  if (admitted !== null && "network" in admitted) {
    const { permissions } = admitted.network;
    if (LOCAL_PERMISSIONS.some((permission) => !permissions.has(permission)))
      await networks.permit(LOCAL_NETWORK, LOCAL_PERMISSIONS);
    return;
  }
  if (networks.list().some(({ name, isRevoked }) => name === LOCAL_NETWORK && !isRevoked))
    await networks.revoke(LOCAL_NETWORK);
  const key = await networks.add(LOCAL_NETWORK, { limit: LOCAL_LIMIT, permissions: LOCAL_PERMISSIONS });
  writeFileSync(path, `${key}\n`, { mode: OWNER_ONLY });
}

/** Is the key of the file one that the register lets in? @throws OperatingError where there is no file. */
export function isLocalKeyKnown(path: string, networks: Networks): boolean {
  return "network" in networks.admit(`Bearer ${readLocalKey(path)}`);
}

/** @throws OperatingError where there is none. */
export function readLocalKey(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new OperatingError(
      `${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); 'kadun start' makes it in its data directory, 'kadun topics create' for a distributed Kadun`,
    );
  }
}
