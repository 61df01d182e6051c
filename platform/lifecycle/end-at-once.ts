/**
 * Ends this process now, without an orderly end.
 *
 * 1. `process.exit` runs what native libraries have to do at the end. One whose threads are still at work may wait for them for
 *    ever, or crash: the process then stays, with its locks, and nobody else gets on. Who opens such a library says so; while it
 *    is open the process ends itself by SIGKILL, which no library hears of. What it had open is made to be killed.
 */

let holders = 0;

/** A library was opened that must not be ended by `process.exit`. @returns to be called once it is closed. */
export function exitIsUnsafe(): () => void {
  holders++;
  let isHeld = true;
  return () => {
    if (isHeld) holders--;
    isHeld = false;
  };
}

/** @param status where the process can end with one: else it ends by SIGKILL, as 137 to a shell. */
export function endAtOnce(status: number): never {
  if (holders > 0) process.kill(process.pid, "SIGKILL");
  process.exit(status);
}
