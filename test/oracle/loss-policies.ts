// The loss-policy rows in force, as the normative text states them (rules 1, Rows).
import type { OracleWorld, PolicyRow } from "./types.js";

type Row = [
  PolicyRow["id"],
  string,
  PolicyRow["credential"],
  string,
  PolicyRow["kind"],
  PolicyRow["delayMax"],
  PolicyRow["validity"],
];
const ROWS: Row[] = [
  ["BJ-1", "11", "card", "phone", "provisional", [0, "h"], [10, 10, "cd"]],
  ["BJ-2", "11", "card", "counter", "provisional", [0, "h"], [10, 10, "cd"]],
  ["BJ-3", "11", "card", "kiosk", "provisional", [0, "h"], [10, 10, "cd"]],
  ["BJ-4", "11", "card", "counter", "formal", [0, "h"], null],
  ["CD-5", "5101", "card", "web", "provisional", null, null],
  ["CD-6", "5101", "card", "phone", "provisional", [0, "h"], [72, 72, "h"]],
  ["CD-7", "5101", "card", "counter", "formal", [0, "h"], null],
  ["NJ-8", "3201", "card", "phone", "provisional", [0, "h"], [3, 3, "wd"]],
  ["NJ-9", "3201", "card", "counter", "formal", [0, "h"], null],
  ["NJ-9e", "3201", "card", "employer", "formal", [0, "h"], null],
  ["QZ-11", "3505", "card", "phone", "provisional", null, null],
  ["QZ-12", "3505", "card", "pharmacy", "provisional", null, null],
  ["QZ-13", "3505", "card", "counter", "formal", [0, "h"], null],
  ["CQ-14", "50", "card", "phone", "provisional", [0, "h"], null],
  ["CQ-15", "50", "card", "counter", "formal", [0, "h"], null],
  ["CN-17", "*", "card", "phone", "provisional", [24, "h"], [7, 15, "cd"]],
  ["CN-18", "*", "card", "counter", "formal", [0, "h"], null],
  ["CN-22", "*", "card", "app", "provisional", [0, "h"], null],
  ["TC-25", "*", "temporary-card", "app", "provisional", [0, "h"], null],
  ["TC-26", "*", "temporary-card", "web", "provisional", [2, "wd"], null],
  ["TC-27", "*", "temporary-card", "counter", "formal", [0, "h"], null],
  ["TC-28h", "*", "temporary-card", "hospital", "provisional", null, null],
  ["TC-28p", "*", "temporary-card", "pharmacy", "provisional", null, null],
  ["TC-29", "*", "temporary-card", "phone", "provisional", [2, "h"], null],
];

export const lossPolicies: OracleWorld["policies"] = {
  rows: ROWS.map(([id, region, credential, channel, kind, delayMax, validity]) => ({
    id,
    region,
    credential,
    channel,
    kind,
    delayMax,
    validity,
  })),
  regions: {
    "*": { pinLockLimit: 3, pinUnlock: "COUNTER", activationDelayCd: null, blockECredential: false },
    "50": { activationDelayCd: 15 },
    "2203": { pinLockLimit: 6 },
    "2101": { pinLockLimit: 5 },
  },
};
