/**
 * How commands talk to a Kadun that runs: on a data directory of this machine, or, distributed, at the address of a
 * process of it.
 */

import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { OperatingError, UsageError } from "../exit-status.js";
import { readLocalKey } from "../process/local-key.js";
import { DATA_DEFAULT, dataDirectoryOf } from "./data-option.js";
import { pathsOf } from "./paths.js";
import { readRunFile } from "./run-file.js";

/** A reconciliation of millions of rows takes minutes. */
const TIMEOUT_MS = 600_000;

/** For `parseArgs`: where the Kadun is that a command is for. */
export const RUNNING_OPTIONS = {
  data: { type: "string" },
  url: { type: "string" },
  "key-file": { type: "string" },
} as const;

export const RUNNING_HELP = `--data DIR          the data directory of an embedded Kadun (KADUN_DATA, else ${DATA_DEFAULT})
--url URL           the address of a gateway of a distributed one (KADUN_URL)
--key-file FILE     with --url: the file with the commands' API key (KADUN_LOCAL_KEY_FILE)`;

export interface RunningGiven {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
  readonly "key-file"?: string | undefined;
}

export class LocalClient {
  private constructor(
    private readonly name: string,
    private readonly http: HttpClient,
  ) {}

  /** The process that takes records in. @throws UsageError, OperatingError. */
  static gateway(given: RunningGiven): LocalClient {
    const url = urlOf(given, process.env.KADUN_URL ?? null);
    if (url !== null) return LocalClient.to(url, url, readLocalKey(keyFileOf(given)));
    const data = dataDirectoryOf(given.data);
    const paths = pathsOf(data);
    const running = readRunFile(paths.run);
    if (running === null) throw notRunning(data);
    return LocalClient.to(data, running.swipe.url, readLocalKey(paths.localKey));
  }

  /** The process that stores rows. @throws UsageError, OperatingError. */
  static analytics(given: RunningGiven): LocalClient {
    // KADUN_URL names a gateway.
    const url = urlOf(given, null);
    if (url !== null) return LocalClient.to(url, url);
    const data = dataDirectoryOf(given.data);
    return LocalClient.to(data, officeUrlOf(data));
  }

  /** The office of an embedded one, with the key for what it tells of persons. @throws OperatingError. */
  static office(given: Pick<RunningGiven, "data">): LocalClient {
    const data = dataDirectoryOf(given.data);
    return LocalClient.to(data, officeUrlOf(data), readLocalKey(pathsOf(data).localKey));
  }

  private static to(data: string, url: string, apiKey?: string): LocalClient {
    const options = { url, connectionsMax: 1, timeoutMs: TIMEOUT_MS };
    return new LocalClient(data, new HttpClient(apiKey === undefined ? options : { ...options, apiKey }));
  }

  /** The answer's JSON. @throws OperatingError where nothing answers, or with another status than 2xx and `also`. */
  async json(request: HttpRequest, also: readonly number[] = []): Promise<unknown> {
    const { status, body } = await this.http.send(request).catch((error: unknown) => {
      throw new OperatingError(`${this.name}: nothing answers (${(error as Error).message}); does it run?`);
    });
    if ((status < 200 || status > 299) && !also.includes(status))
      throw new OperatingError(
        `${request.method} ${request.path}: status ${status}: ${body.toString("utf8")}`,
      );
    return JSON.parse(body.toString("utf8"));
  }

  close(): void {
    this.http.close();
  }
}

export function officeUrlOf(data: string): string {
  const running = readRunFile(pathsOf(data).run);
  if (running === null) throw notRunning(data);
  if (running.office === null)
    throw new OperatingError(`${data}: its office is starting; try again in some seconds`);
  return running.office.url;
}

export function urlOf({ url, data }: RunningGiven, ofEnvironment: string | null): string | null {
  const given = firstGiven(url, data === undefined ? ofEnvironment : null);
  if (given === null) return null;
  if (data !== undefined) throw new UsageError("--data and --url name two Kaduns; give one of them");
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol))
    throw new UsageError(`--url ${given}: expected an address such as http://127.0.0.1:8080`);
  return given;
}

function keyFileOf(given: RunningGiven): string {
  const path = firstGiven(given["key-file"], process.env.KADUN_LOCAL_KEY_FILE);
  if (path !== null) return path;
  throw new UsageError(
    "--key-file (KADUN_LOCAL_KEY_FILE): not set; with --url the commands need the key file that 'kadun topics create' made",
  );
}

/** An empty string is unset. */
export function firstGiven(...texts: readonly (string | null | undefined)[]): string | null {
  return texts.find((text) => text !== undefined && text !== null && text !== "") ?? null;
}

function notRunning(data: string): OperatingError {
  return new OperatingError(
    `${data}: no Kadun runs on this data directory; 'kadun start --data ${data}' first`,
  );
}
