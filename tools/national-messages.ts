/** docs/national-messages.md: the prose here, its tables from the shapes and tables of schemas/national. */

import * as z from "zod";
import { replyEnvelope, requestHead } from "../schemas/national/envelope.js";
import { EXTENSION_FIELDS } from "../schemas/national/extension.js";
import { REQUESTS } from "../schemas/national/requests.js";
import { INFNOS, type Infno, NOT_TAKEN, REVERSIBLE, TRANSACTIONS } from "../schemas/national/transactions.js";
import { NESTING_LEVELS_MAX } from "../schemas/nesting.js";

interface JsonShape {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonShape>>;
  readonly required?: readonly string[];
  readonly items?: JsonShape;
}

export function nationalMessagesText(): string {
  return `# Messages of the national platform

Written by \`npm run generate\` from schemas/national. Kadun takes requests of the national medical-insurance platform
(国家医疗保障信息平台), maps each to one of its own raw records (docs/design.md section 5), and answers in the platform's
reply envelope. JSON Schemas: \`schemas/json/national-*.json\`; a sample of each, with the record it becomes:
\`test/fixtures/national\`.

## Three ways in

| way | what happens |
|---|---|
| \`POST /v1/national\` | one request a call; whoever is let in gets a reply envelope, whatever was sent; only a key that is missing or not good enough to send records gets a problem (401, 403). HTTP 200, 400 refused or nothing readable, 403 a pre-settlement without the permission for it, 409 a pre-settlement's msgid used before with other content, 413 too long, 415 not application/json (or packed), 429 too fast, 500 a defect of Kadun, 503 not stored (send the same message again). Pre-settlements wait for their decision and need the permission \`authorizations\`, the others \`records\`. Another transaction under a msgid used before is stored and answered with 200; the decisions log says EVENT_ID_REUSED |
| raw topics (Kafka) | a message with an \`infno\` is a request. \`kadun.swipes.raw\` takes all transactions; the other raw topics those of their own record type. Refused ones become dead letters by path and reason and hold up nothing; transactions that are no record are skipped and counted |
| \`kadun replay --from national FILE\` | one request or record of Kadun's own a line; refused lines go to standard error by number, path and reason, the rest is judged, exit status 2. Transactions that are no record are named there too (TRANSACTION_NOT_TAKEN) and are no fault of the file: they leave the exit status 0. There is no register: the letter of the institution's code must say what it is |

\`input\` is an object, or the text of one (its type is 字符型 40000). \`null\` and \`""\` count as not given. Fields that are
not listed are ignored and dropped; of those that are listed as not read, anything is taken. Codes may be numbers (\`41\`), a
single line of a bill may stand without its list, and what cannot be read of a reply's \`output\` counts as not given. A field named like a PIN or a password is refused wherever it stands,
and so is a message (FIELD_INVALID, by the path) that nests deeper than ${NESTING_LEVELS_MAX} levels. A message that Kadun
itself fails on (RECORD_FAILED, a defect) is kept and logged, and stops no other.

## Request envelope

\`mdtrtarea_admvs\` but \`insuplc_admdvs\`: the platform spells them so, and Kadun too. (2501 has \`mdtrtarea_admdvs\` in its
own node.) The platform's reply may be sent on together with the request: \`infcode\`, \`err_msg\` and \`output\` beside
\`input\`. With a reply that failed only attempts (pre-settlements, PIN checks) are taken.

${fieldTable(requestHead)}

## Transactions that are taken

${transactionTable()}

What a message leaves out, and where it comes from:

- **institutionKind**: the institution register, else the code's letter (H hospital, P pharmacy); another letter that the
  register does not know is refused by the path \`fixmedins_code\`.
- **careRegion**: \`mdtrtarea_admvs\`, else the register's region. Name and chain: the register, as for every swipe.
- **Amounts paid**: a settlement's request says only \`medfee_sumamt\`. \`acct_pay\`, \`fund_pay_sumamt\`, \`psn_cash_pay\`,
  \`acct_mulaid_pay\` and \`balc\` are in the reply's \`setlinfo\` and are taken where it is sent on; \`balanceBeforeFen\` of a
  settlement is \`balc\` + \`acct_pay\`. Without the reply the clauses that read them (R15) are silent. Some provinces count
  the account's part into \`fund_pay_sumamt\`; it is taken as it is. A refund sent as a payment with a negative
  \`medfee_sumamt\` is refused (send its cancel); of a cancel's amount the sign is lost.
- **originalEventId** of a cancel: \`omsgid\` in its node, else the settlement whose \`setl_id\` it names, where that came
  through the same process together with its reply (\`output.setlinfo.setl_id\`; a bounded memory, lost with the process).
  Else it is refused and can be driven again. A 2102/2207/2304 may name the pre-settlement it follows by \`omsgid\`.
- What a process remembers of a message, for those that refer to it, it remembers once the message is stored; of one that
  was refused nothing.
- **Beginning of a stay** at its discharge (2402): \`begntime\` in its node, else what the same process saw in 2401. Else the
  stay ends and its beginning is not known: bills that come later are then not covered by the in-stay exemption.
- **An admission that is undone** (2404, 2601 of a 2401) becomes an empty stay, which would take the place of a newer one
  too. So it is taken only where the latest admission this process saw of the person is the one of \`omsgid\` (2601), or of
  this institution (2404); where it saw none, only with \`begntime\` in the node. Else it is refused (STAY_UNKNOWN) and kept:
  after a restart this is lost for admissions of before it.
- **A filing that is withdrawn** (2502): the transfer filing whose serial number came through the same process with the
  reply to its 2501 (\`output.result.trt_dcla_detl_sn\`), else the one that \`mdtrtarea_admdvs\` and \`begndate\` in its node
  describe. Its end is the time of the 2502. Else it is ignored, and its reason says what to send. The judge still keeps
  the last four filings side by side (docs/rules.md, Facts): it holds the one that began without an end beside the ended
  one, and the city counts as filed until the former falls out.
- **Credential**: \`mdtrt_cert_type\` 01 e-credential, 02 ID card, 03 card; 04, 05, 06 and 17 (local) as 03. The number is
  taken, as a token, only of a card, and never where it is a resident's ID number (GB 11643: 18 characters with their check
  digit, or the 15 of before 1999; a card whose number merely looks like one is known by its person only). An \`opter\` that
  is an ID number is kept as a token; a \`msgid\` or \`omsgid\` that is one is refused.
  Cancels and reversals name none; \`card\` is written there, and the judge does not read it.
- **1602, 1603**: changing a PIN needs the old one, so both are PIN checks. How it ended is \`input.kadun.pin\`, else the
  reply: \`infcode\` 0 ok; a failure that speaks of a lock locked, of a wrong password wrong; any other unknown. The platform's own
  1602 has no \`psn_no\` and a password field: send it on with the one and without the other.
- A message that is sent again after the register changed what its institution is, or where, is another message under the
  same msgid (EVENT_ID_REUSED): its kind and region are part of it. Name and chain are not.
- **Times** are Asia/Shanghai; money is decimal yuan (16,2), read digit by digit.

Fields that are read of each transaction (\`*\` required):

${inputTables()}

## Transactions that become no record

They are acknowledged and counted, and leave nothing: over HTTP \`infcode\` 0 with \`output\` \`{"ignored": true, "reason": …}\`,
no dead letter. 2503–2507 are no out-of-area filings in the sense of 医保发〔2022〕22号 and so leave no record. A 2502 whose filing
nobody knows (below) is ignored in the same way. A transaction number that Kadun does not know is refused (\`infcode\` −1).

${rows(
  ["infno", "why"],
  Object.entries(NOT_TAKEN).map(([infno, why]) => [infno, why]),
)}

2601 takes back ${REVERSIBLE.join(", ")}. Of the others that the platform lists (2103, 2208, 2305) a reversal would settle
again, which no record says. Of a person's death a discharge tells too (\`dscg_way\`, \`die_date\`): send a card-status
\`deceased\`; one message is one record.

## Kadun's own words: \`input.kadun\`

What the platform has no field for. A terminal that verified somebody's identity after a challenge says so with
\`challengeOf\` and \`challengeResult\`. Fields: ${EXTENSION_FIELDS.map((field) => `\`${field}\``).join(", ")}.

## Reply envelope

${fieldTable(replyEnvelope)}

A pre-settlement that is approved or to be reviewed has \`infcode\` 0, also (HTTP 503) where the stand-in let it pass and
it is not stored: \`err_msg\` is then not empty and asks for the same message again, \`journaled\` is false. One that is challenged or rejected has −1, the value
that published terminals test for, and an \`err_msg\` of at most 200 characters: \`[response code]meaning。advice\`, in Chinese,
with what the cardholder can do. \`output\`: \`decision_id\`, \`action\`, \`response_code\`, \`reasons\` (rule and code),
\`disputed\`, \`degraded\`, \`duplicate\`, \`stand_in\`, \`journaled\`. A refused message has \`code\`, \`field\` (path) and \`reason\`;
one that was not read or not taken on as a whole (413, 415, 429, 500 …) only \`code\`, and \`err_msg\` says what to do.

## Out: raw records as requests

\`envelopeOf\` (schemas/national/envelope-out.ts) writes a raw record as the request that says the same; read in again it is
the same record, whatever the sample (test/schemas/national/envelope-out.test.ts). What is lost:

| lost | when |
|---|---|
| \`temporary-card\`, \`interim-certificate\` (as 03, 02), \`chainId\`, \`pin\` of a payment, \`pinIsDefault\`, \`pinIsBirthday\`, \`readError\`, \`emergency\` (med_type 13 stays), \`agentPurchase\`, \`agentId\`, \`externalPrescription\` without items, \`challengeOf\`, \`challengeResult\`, \`longitude\`, \`latitude\`, \`receivedAt\`, a \`balanceBeforeFen\` that is not \`balc\` + \`acct_pay\` | without \`input.kadun\` |
| fractions of a second; that a division code had 2 or 4 digits (it is filled to 6) | always |
| \`query\`, card statuses, \`home-region\`, \`mutual-aid\`, \`limits\`, filings that are not \`temporary\`; eventIds and codes of more than 30 characters | no request says them |

## Findings in the shape of 3101

\`kadun alerts export --shape 3101\` prints the standing alerts of a running Kadun, one result a line
(schemas/national/audit-result.ts, schemas/json/national-audit-result.json): one for each rule of an alert.
\`patn_id\` is Kadun's token of the person, since it keeps no \`psn_no\` (null where a patrol found something about an
institution); \`mdtrt_id\` is not known. A finding is a suspicion:
\`sev_deg\` is 高度可疑 (critical, high) or 轻度可疑, never 明确违规. The platform's code lists for \`vola_amt_stas\`,
\`sev_deg\` and \`vola_bhvr_type\` are not published with the interface; the words are those of published messages.

## Sources

Facts only, no code: names and meanings of transactions, fields, lengths and spelling as comments and constants of public
code repeat the interface specification: fengzaiqishi11/hsa-his (transaction constants, 2601's list, 1602's fields, sample
replies), newtouch-cloud/openhis (input nodes of 2207, 2208, 2304, 2401, 2402, 2501–2507, 2601; output of 3101),
binzhe12123/Medical (reply envelope: infcode 数值型 4, inf_refmsgid, times of 17 digits, err_msg 字符型 200). Not verified against the specification itself: the letter P, 轻度可疑, the meaning of \`balc\`
before a payment, whether 1602 is sent for social cards. The reading that only 2501 is an out-of-area filing rests on
医保发〔2022〕22号: it names a city (docs/domain.md 5), and being referred is one of its temporary kinds.
`;
}

function transactionTable(): string {
  return rows(
    ["infno", "name", "record", "node", "med_type where none is given", "reply"],
    INFNOS.map((infno) => {
      const transaction = TRANSACTIONS[infno];
      const record =
        transaction.becomes === "swipe" ? `swipe ${transaction.kind}` : (FACT_OF[infno] ?? "person-fact");
      const visitKind = transaction.becomes === "swipe" ? (transaction.visitKind ?? "–") : "–";
      const { node } = transaction;
      return [
        infno,
        transaction.name,
        record,
        node === "" ? "input" : node,
        visitKind,
        transaction.waits ? "the decision" : "stored",
      ];
    }),
  );
}

const FACT_OF: Readonly<Partial<Record<Infno, string>>> = {
  "2401": "person-fact inpatient, `from`",
  "2402": "person-fact inpatient, `to`",
  "2404": "person-fact inpatient, empty",
  "2501": "person-fact filing, temporary",
  "2502": "person-fact filing, temporary, `to`",
};

function inputTables(): string {
  const byTable = new Map<string, Infno[]>();
  for (const infno of INFNOS) {
    const table = rows(["field", "what"], inputFields(infno));
    byTable.set(table, [...(byTable.get(table) ?? []), infno]);
  }
  return [...byTable].map(([table, infnos]) => `**${infnos.join(", ")}**\n\n${table}`).join("\n\n");
}

function inputFields(infno: Infno): string[][] {
  const shape = shapeOf(REQUESTS[infno]);
  const input = shape.properties?.input;
  const { kadun: _, ...nodes } = input?.properties ?? {};
  const setlinfo = shape.properties?.output?.properties?.setlinfo;
  return [
    ...leaves({ ...input, properties: nodes }, "input"),
    ...(setlinfo === undefined
      ? []
      : leaves(setlinfo, "output.setlinfo").filter(([path = ""]) => reads(infno, path))),
  ];
}

/** Of a cancel only the amount. */
function reads(infno: Infno, path: string): boolean {
  const transaction = TRANSACTIONS[infno];
  if (transaction.becomes !== "swipe") return false;
  if (transaction.kind === "cancel") return path.includes("medfee_sumamt");
  return (
    (transaction.kind === "authorize" || transaction.kind === "settle") && !path.includes("medfee_sumamt")
  );
}

function leaves(shape: JsonShape, path: string): string[][] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, inner]) => {
    const at = `${path}.${name}`;
    if (inner.properties !== undefined) return leaves(inner, at);
    if (inner.items?.properties !== undefined) return leaves(inner.items, `${at}[]`);
    const star = shape.required?.includes(name) === true ? "*" : "";
    return [[`\`${at}\`${star}`, inner.description ?? ""]];
  });
}

function fieldTable(shape: z.ZodType): string {
  const { properties = {}, required = [] } = shapeOf(shape);
  return rows(
    ["field", "what"],
    Object.entries(properties).map(([name, { description = "" }]) => [
      `\`${name}\`${required.includes(name) ? "*" : ""}`,
      description,
    ]),
  );
}

function shapeOf(shape: z.ZodType): JsonShape {
  return z.toJSONSchema(shape, { io: "input", unrepresentable: "any" }) as JsonShape;
}

function rows(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...lines.map(line)].join("\n");
}
