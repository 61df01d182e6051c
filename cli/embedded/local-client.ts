/** How the commands of this machine talk to a Kadun that runs on a data directory. */

import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { OperatingError } from "../exit-status.js";
import { readLocalKey } from "../process/local-key.js";
import { pathsOf } from "./paths.js";
import { readRunFile } from "./run-file.js";

/** A reconciliation of millions of rows takes minutes. */
const TIMEOUT_MS = 600_000;

export class LocalClient {
  private constructor(
    private readonly name: string,
    private readonly http: HttpClient,
  ) {}

  static swipe(data: string): LocalClient {
    const paths = pathsOf(data);
    const running = readRunFile(paths.run);
    if (running === null) throw notRunning(data);
    return LocalClient.to(data, running.swipe.url, readLocalKey(paths.localKey));
  }

  static office(data: string): LocalClient {
    const running = readRunFile(pathsOf(data).run);
    if (running === null) throw notRunning(data);
    if (running.office === null)
      throw new OperatingError(`${data}: its office is starting; try again in some seconds`);
    return LocalClient.to(data, running.office.url);
  }

  private static to(data: string, url: string, apiKey?: string): LocalClient {
    const options = { url, connectionsMax: 1, timeoutMs: TIMEOUT_MS };
    return new LocalClient(data, new HttpClient(apiKey === undefined ? options : { ...options, apiKey }));
  }

  /** The answer's JSON. @throws OperatingError where nothing answers, or with anything but 2xx. */
  async json(request: HttpRequest): Promise<unknown> {
    const { status, body } = await this.http.send(request).catch((error: unknown) => {
      throw new OperatingError(`${this.name}: nothing answers (${(error as Error).message}); does it run?`);
    });
    if (status < 200 || status > 299)
      throw new OperatingError(
        `${request.method} ${request.path}: status ${status}: ${body.toString("utf8")}`,
      );
    return JSON.parse(body.toString("utf8"));
  }

  close(): void {
    this.http.close();
  }
}

function notRunning(data: string): OperatingError {
  return new OperatingError(
    `${data}: no Kadun runs on this data directory; 'kadun start --data ${data}' first`,
  );
}
