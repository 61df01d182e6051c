/** What a process used, by the kernel's count (Linux: /proc). Elsewhere null: better no figure than another one. */

import { readFileSync } from "node:fs";

export interface ProcessUsage {
  /** User and system time of all threads since the process began. */
  readonly cpuSeconds: number;
  readonly residentMb: number;
  /** The most it ever was. */
  readonly residentPeakMb: number;
}

/** USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const KB_PER_MB = 1024;

export function readUsage(pid: number): ProcessUsage | null {
  const fields = statFields(pid);
  if (fields === null) return null;
  const ticks = Number(fields[UTIME]) + Number(fields[STIME]);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, ...resident(pid) };
}

/** Seconds that all processors of the machine were busy since it began; null where the kernel does not say. */
export function readBusySeconds(): number | null {
  const line = /^cpu +(.+)$/m.exec(read("/proc/stat") ?? "")?.[1];
  if (line === undefined) return null;
  // user, nice, system, idle, iowait, irq, softirq, steal (proc(5)); guests are in user already.
  const ticks = line.split(" ").slice(0, BUSY_FIELDS).map(Number);
  const busy = ticks.reduce((sum, each, index) => (IDLE_FIELDS.includes(index) ? sum : sum + each), 0);
  return busy / TICKS_PER_SECOND;
}

const BUSY_FIELDS = 8;
const IDLE_FIELDS = [3, 4];

/** The parent's pid, null where the process is gone or the kernel does not say. */
export function parentOf(pid: number): number | null {
  const fields = statFields(pid);
  return fields === null ? null : Number(fields[PARENT]);
}

/** Positions in /proc/PID/stat behind the command's closing bracket (proc(5): state is the third field). */
const PARENT = 1;
const UTIME = 11;
const STIME = 12;

function statFields(pid: number): readonly string[] | null {
  const text = read(`/proc/${pid}/stat`);
  // The command may hold blanks and brackets; the last bracket ends it.
  return text === null ? null : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function resident(pid: number): Pick<ProcessUsage, "residentMb" | "residentPeakMb"> {
  const status = read(`/proc/${pid}/status`) ?? "";
  const megabytes = (name: "VmRSS" | "VmHWM") => {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1] ?? "0";
    return Math.round(Number(kilobytes) / KB_PER_MB);
  };
  return { residentMb: megabytes("VmRSS"), residentPeakMb: megabytes("VmHWM") };
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
