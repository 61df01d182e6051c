/**
 * Large pages for the records of persons.
 *
 * A swipe's person lies anywhere in hundreds of megabytes. Where memory has pages of 4 KiB, the processor first has to ask
 * memory where each of the person's pages is; with pages of 2 MiB it mostly knows. The C library asks the system for them
 * where GLIBC_TUNABLES says so when a process starts: no process can do it for itself later. Records and index fill their
 * memory without gaps, so that no page is larger than what is in it.
 */

import { readFileSync } from "node:fs";

/** https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html */
const TUNABLE = "glibc.malloc.hugetlb";
export const LARGE_PAGES_TUNABLES = `${TUNABLE}=1`;
const GLIBC_MIN = [2, 35] as const;
const SYSTEM_MODE = "/sys/kernel/mm/transparent_hugepage/enabled";

/** For a process that holds persons' records: what was said about large pages before stays. */
export function withLargePages(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { GLIBC_TUNABLES: tunables = "" } = environment;
  if (tunables.includes(TUNABLE)) return environment;
  const more = tunables === "" ? LARGE_PAGES_TUNABLES : `${tunables}:${LARGE_PAGES_TUNABLES}`;
  return { ...environment, GLIBC_TUNABLES: more };
}

/**
 * - `always`: the system gives them to everybody.
 * - `asked`: this process has asked for them.
 * - `not asked`: it would get them.
 * - `none`: the system or its C library has none.
 */
export type LargePages = "always" | "asked" | "not asked" | "none";

/** @param environment with which the process was started. */
export function largePages(environment: NodeJS.ProcessEnv = process.env): LargePages {
  const mode = systemMode();
  if (mode === "always") return "always";
  if (mode !== "madvise" || !hasTunable()) return "none";
  return (environment.GLIBC_TUNABLES ?? "").split(":").includes(LARGE_PAGES_TUNABLES) ? "asked" : "not asked";
}

/** The word in brackets: `always [madvise] never`. */
function systemMode(): string | null {
  try {
    return /\[(\w+)\]/.exec(readFileSync(SYSTEM_MODE, "utf8"))?.[1] ?? null;
  } catch {
    return null;
  }
}

function hasTunable(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  if (header.glibcVersionRuntime === undefined) return false;
  const [major = 0, minor = 0] = header.glibcVersionRuntime.split(".").map(Number);
  return major > GLIBC_MIN[0] || (major === GLIBC_MIN[0] && minor >= GLIBC_MIN[1]);
}
