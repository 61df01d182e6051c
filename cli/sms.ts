/** `kadun sms list|show|resolve`: what was, is and will be said to cardholders. */

import { parseArgs } from "node:util";
import { systemClock } from "../platform/clock/system-clock.js";
import { type SmsSummary, smsAnswer, smsPageAnswer, smsResolvedAnswer } from "../schemas/http/sms.js";
import type { SmsPage } from "../services/alerts/sms/sms-list.js";
import { SMS_STATUSES, type SmsStatus } from "../services/alerts/sms/sms-state.js";
import { openPostgres } from "./compose/distributed.js";
import { settingsFrom } from "./distributed/read-settings.js";
import { POSTGRES_SETTINGS } from "./distributed/settings.js";
import { LocalClient, RUNNING_OPTIONS } from "./embedded/local-client.js";
import { ExitStatus, OperatingError, UsageError } from "./exit-status.js";
import { Closers } from "./process/closers.js";
import { type SmsLedger, smsLedgerOf, smsStatusOf } from "./process/sms-routes.js";

export const SMS_USAGE = `kadun sms list [--status STATUS] [--data DIR | --postgres] [--json]
kadun sms show SMSID [--data DIR | --postgres] [--json]
kadun sms resolve SMSID --sent|--again [--data DIR | --postgres]

list       the ledger, the latest first; no phone number is in it
show       one of them with all that is known of it
resolve    says of an unknown one what nobody could be asked: that it went out, or that it is to be sent again. Look at the
           operator's own page first: sent again on a guess, a person gets it twice. The audit log keeps it
--status   only these: ${SMS_STATUSES.join(", ")}
--data DIR     of a running embedded Kadun: its data directory (KADUN_DATA, else kadun-data)
--postgres     of a distributed one: from the database of its alerts role (KADUN_POSTGRES_URL)
--json         one JSON object a line
Exit status: 0 done, 1 failed or there is no such SMS, 64 usage.`;

export async function sms(args: readonly string[]): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: RUNNING_OPTIONS.data,
      postgres: { type: "boolean" },
      status: { type: "string" },
      sent: { type: "boolean" },
      again: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    console.log(SMS_USAGE);
    return ExitStatus.DONE;
  }
  if (values.postgres === true && values.data !== undefined)
    throw new UsageError("--data and --postgres name two Kaduns; give one of them");
  const [verb, smsId, ...rest] = positionals;
  const print = (summary: SmsSummary) =>
    console.log(values.json === true ? JSON.stringify(summary) : smsText(summary));
  const work = workOf(verb, smsId, values, print);
  if (work === null || rest.length > 0)
    throw new UsageError(`expected 'sms list', 'show SMSID' or 'resolve SMSID'\n\n${SMS_USAGE}`);
  return values.postgres === true ? withPostgres(work) : withOffice(values.data, work);
}

type Work = (ledger: SmsLedger) => Promise<ExitStatus>;

interface Given {
  readonly status?: string | undefined;
  readonly sent?: boolean | undefined;
  readonly again?: boolean | undefined;
}

function workOf(
  verb: string | undefined,
  smsId: string | undefined,
  given: Given,
  print: (summary: SmsSummary) => void,
): Work | null {
  switch (verb) {
    case "list":
      return smsId === undefined ? list(statusOf(given.status), print) : null;
    case "show":
      return smsId === undefined ? null : show(smsId, print);
    case "resolve":
      return smsId === undefined ? null : resolve(smsId, resolutionOf(given));
    default:
      return null;
  }
}

function statusOf(given: string | undefined): SmsStatus | null {
  if (given === undefined) return null;
  const status = smsStatusOf(given);
  if (status === null)
    throw new UsageError(`--status '${given}': expected one of ${SMS_STATUSES.join(", ")}`);
  return status;
}

function resolutionOf({ sent, again }: Given): "sent" | "again" {
  if ((sent === true) === (again === true))
    throw new UsageError("'sms resolve' takes --sent or --again: what became of it");
  return sent === true ? "sent" : "again";
}

function list(status: SmsStatus | null, print: (summary: SmsSummary) => void): Work {
  return async (ledger) => {
    let after: string | null = null;
    do {
      const page: SmsPage = await ledger.page({ status, after });
      page.sms.forEach(print);
      after = page.after;
    } while (after !== null);
    return ExitStatus.DONE;
  };
}

function show(smsId: string, print: (summary: SmsSummary) => void): Work {
  return async (ledger) => {
    const found = await ledger.find(smsId);
    if (found === null)
      throw new OperatingError(`SMS '${smsId}' is not in the ledger; 'kadun sms list' shows it`);
    print(found);
    return ExitStatus.DONE;
  };
}

function resolve(smsId: string, as: "sent" | "again"): Work {
  return async (ledger) => {
    const answer = await ledger.resolve(smsId, as);
    if (answer.kind === "refused") throw new OperatingError(answer.message);
    console.log(as === "sent" ? `${smsId}: counts as sent` : `${smsId}: is sent again`);
    return ExitStatus.DONE;
  };
}

function smsText(summary: SmsSummary): string {
  const { smsId, situation, status, reason, createdAt, text } = summary;
  return `${smsId}  ${situation}  ${status}${reason === null ? "" : ` (${reason})`}  ${createdAt}  ${text}`;
}

async function withPostgres(work: Work): Promise<ExitStatus> {
  const closers = new Closers();
  try {
    const database = await openPostgres(settingsFrom(POSTGRES_SETTINGS, {}, process.env), closers);
    return await work(smsLedgerOf(database, systemClock));
  } finally {
    await closers.close();
  }
}

async function withOffice(data: string | undefined, work: Work): Promise<ExitStatus> {
  const client = LocalClient.office({ data });
  try {
    return await work(ledgerAt(client));
  } finally {
    client.close();
  }
}

function ledgerAt(client: LocalClient): SmsLedger {
  const query = (given: Readonly<Record<string, string | null>>) => {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) if (value !== null) search.set(name, value);
    return search;
  };
  return {
    page: async ({ status, after }) =>
      smsPageAnswer.parse(await client.json({ method: "GET", path: `/v1/sms?${query({ status, after })}` })),
    find: async (id) =>
      smsAnswer.parse(await client.json({ method: "GET", path: `/v1/sms/one?${query({ id })}` })).sms,
    resolve: async (id, as) =>
      smsResolvedAnswer.parse(
        await client.json({ method: "POST", path: `/v1/sms/resolution?${query({ id, as })}` }),
      ),
  };
}
