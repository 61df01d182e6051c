/** `kadun feedback`: what turned out of a person's findings, into the journal. */

import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { systemClock } from "../platform/clock/system-clock.js";
import { instant, ruleId, token, VERDICTS } from "../schemas/fields.js";
import { formatInstant } from "../schemas/instant.js";
import { REFUSAL_CODES } from "../services/ingest/refusal.js";
import { LocalClient, RUNNING_HELP, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { sendFile, sendLines } from "./send-file.js";

export const FEEDBACK_USAGE = `kadun feedback PERSON_KEY RULE honest|confirmed [--at INSTANT] [--event-id ID] [OPTIONS]
kadun feedback --person-id ID RULE honest|confirmed [--at INSTANT] [--event-id ID] [OPTIONS]
kadun feedback FILE [OPTIONS]

Appends to the journal of a running Kadun what a check with the person brought out: the person did it (honest), or it was
fraud (confirmed). FILE has one record a line, as POST /v1/feedback takes them. Sending the same again changes nothing.
PERSON_KEY          token of the person, as alerts and cases show it
--person-id ID      the personal number instead; other users of the machine can see it while the command runs, a file
                    with personId keeps it from them
--at INSTANT        when it was said, such as 2026-03-02T10:00:00+08:00 (now)
--event-id ID       name of the record (made of key, rule, verdict and instant); needs --at, as the same name with
                    another instant is another record and refused
${RUNNING_HELP}
Exit status: 0 done, 1 failed, 2 done with refused lines, 64 usage.`;

const PATH = "/v1/feedback";
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export async function feedback(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...RUNNING_OPTIONS,
      "person-id": { type: "string" },
      at: { type: "string" },
      "event-id": { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(FEEDBACK_USAGE);
    return ExitStatus.DONE;
  }
  const said = { personId: values["person-id"], at: values.at, eventId: values["event-id"] };
  const [file] = positionals;
  const isFile = positionals.length === 1 && Object.values(said).every((value) => value === undefined);
  const record = isFile ? null : recordOf(positionals, said);
  const client = LocalClient.gateway(values);
  try {
    return record === null ? await sendAll(client, file!) : await sendOne(client, record);
  } finally {
    client.close();
  }
}

interface Said {
  readonly personId: string | undefined;
  readonly at: string | undefined;
  readonly eventId: string | undefined;
}

/** @throws UsageError. */
function recordOf(positionals: readonly string[], { personId, at, eventId }: Said) {
  const words = personId === undefined ? positionals : [undefined, ...positionals];
  const [personKey, rule, verdict, ...others] = words;
  if (rule === undefined || verdict === undefined || others.length > 0)
    throw new UsageError(`expected a person, a rule and a verdict, or one file\n\n${FEEDBACK_USAGE}`);
  if (personKey !== undefined && !token.safeParse(personKey).success)
    throw new UsageError(
      `'${personKey}': expected a person key of 32 lower-case hexadecimal digits; a personal number goes into --person-id`,
    );
  if (!ruleId.safeParse(rule).success) throw new UsageError(`'${rule}': expected a rule id such as R12`);
  if (!VERDICTS.some((known) => known === verdict))
    throw new UsageError(`'${verdict}': expected ${VERDICTS.join(" or ")}`);
  if (at !== undefined && !instant.safeParse(at).success)
    throw new UsageError(`--at ${at}: expected an instant such as 2026-03-02T10:00:00+08:00`);
  if (eventId !== undefined && at === undefined)
    throw new UsageError("--event-id: give --at as well, so that the same command is the same record");
  const occurredAt = at ?? formatInstant(systemClock.now());
  const person = personId === undefined ? { personKey } : { personId };
  return {
    type: "feedback",
    eventId: eventId ?? eventIdOf([personKey ?? "", rule, verdict, occurredAt]),
    occurredAt,
    ...person,
    rule,
    verdict,
  };
}

/** The same words make the same name. Never of a personal number: whoever has a list of numbers could find it out. */
function eventIdOf(words: readonly string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(words)).digest("hex");
  return `feedback-${hash.slice(0, 32)}`;
}

async function sendOne(client: LocalClient, record: ReturnType<typeof recordOf>): Promise<ExitStatus> {
  const { refused } = await sendLines(client, PATH, JSON.stringify(record));
  const [first] = refused;
  if (first !== undefined)
    throw new OperatingError(
      `${first.code}: ${first.field === "" ? "" : `${first.field}: `}${first.reason}; nothing was stored`,
    );
  console.log(
    `${record.rule} ${record.verdict} at ${record.occurredAt}: in the journal as ${record.eventId}`,
  );
  return ExitStatus.DONE;
}

async function sendAll(client: LocalClient, file: string): Promise<ExitStatus> {
  if (!existsSync(file))
    throw new UsageError(`'${file}': no such file, and one word is no feedback\n\n${FEEDBACK_USAGE}`);
  const { records, refused } = await sendFile(client, { file, path: PATH, lineOf });
  console.log(`${records} records in the journal, ${refused} lines refused`);
  return refused > 0 ? ExitStatus.REFUSED_INPUT : ExitStatus.DONE;
}

function lineOf(bytes: Uint8Array): { text: string } | { refused: string } {
  try {
    return { text: utf8.decode(bytes) };
  } catch {
    return { refused: `UTF8_INVALID: ${REFUSAL_CODES.UTF8_INVALID}` };
  }
}
