/** An entry out of its line: pure. */

export interface ShownEntry {
  readonly line: string;
  readonly seq: number | null;
  readonly at: string | null;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  /** `name: value`, in the order of the line. */
  readonly details: readonly string[];
}

/** Of a line that is no entry only the line. */
export function shownEntry(line: string): ShownEntry {
  const parsed = jsonOf(line);
  const text = (name: string) => {
    const value = parsed[name];
    return typeof value === "string" ? value : "";
  };
  const { seq, detail } = parsed;
  return {
    line,
    seq: typeof seq === "number" ? seq : null,
    at: text("at") === "" ? null : text("at"),
    actor: text("actor"),
    action: text("action"),
    subject: text("subject"),
    details:
      typeof detail === "object" && detail !== null
        ? Object.entries(detail).map(([name, value]) => `${name}: ${String(value)}`)
        : [],
  };
}

function jsonOf(line: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(line);
    return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
