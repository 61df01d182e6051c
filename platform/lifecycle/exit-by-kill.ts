/**
 * A process that must not run what native libraries have to do at its exit.
 *
 * 1. However a process ends by itself (`process.exit`, an error that nobody caught), the libraries' exit handlers run. One whose
 *    threads are still at work may wait for them for ever, or crash: the process then stays, with its locks, and nobody else gets
 *    on. While such a library is open, the process ends itself by SIGKILL instead, of which no library hears. What it has open is
 *    made to be killed.
 * 2. Where it is closed before, the exit is as ever.
 */

let holders = 0;

function killSelf(): void {
  process.kill(process.pid, "SIGKILL");
}

/** From now on until what it returns is called, this process exits by SIGKILL: 137 to a shell, whatever its status. */
export function exitByKill(): () => void {
  if (holders++ === 0) process.on("exit", killSelf);
  let isHeld = true;
  return () => {
    if (!isHeld) return;
    isHeld = false;
    if (--holders === 0) process.off("exit", killSelf);
  };
}
