/**
 * A command whose process the kernel kills when the one that started it dies (PR_SET_PDEATHSIG), where the system has
 * `setpriv` for it. It replaces itself: the pid is the command's.
 */

import { existsSync } from "node:fs";

const SETPRIV = "/usr/bin/setpriv";

export function dyingWithParent(
  command: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  if (!existsSync(SETPRIV)) return [command, args];
  return [SETPRIV, ["--pdeathsig", "KILL", "--", command, ...args]];
}
