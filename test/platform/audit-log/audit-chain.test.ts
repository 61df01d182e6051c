import { describe, expect, it } from "@jest/globals";
import { lineSha256, NO_LINE, nextAuditLine } from "../../../platform/audit-log/audit-chain.js";

const draft = { actor: "li", action: "case.assigned", subject: "case:a-1", detail: { to: "wang" } };
const at = (minute: number) => `2026-03-01T10:${String(minute).padStart(2, "0")}:00.000+08:00`;

describe("the audit chain", () => {
  it("numbers its lines from 1, each naming the hash of the line before it", () => {
    const first = nextAuditLine(null, at(0), draft);
    const second = nextAuditLine(first, at(1), { ...draft, detail: { to: "zhao" } });
    expect(JSON.parse(first)).toEqual({ seq: 1, at: at(0), ...draft, previousSha256: NO_LINE });
    expect(JSON.parse(second)).toMatchObject({ seq: 2, at: at(1), previousSha256: lineSha256(first) });
  });

  it("never dates a line before the one before it", () => {
    const first = nextAuditLine(null, at(5), draft);
    expect(JSON.parse(nextAuditLine(first, at(2), draft))).toMatchObject({ at: at(5) });
  });
});
