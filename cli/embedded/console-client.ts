/** How `kadun people` and `kadun rules` talk to whoever keeps the rules: the office, or a console of a distributed Kadun. */

import { readFileSync } from "node:fs";
import * as z from "zod";
import { HttpClient, type HttpRequest } from "../../platform/http-client/http-client.js";
import { bundleMistake } from "../../schemas/http/rules-problem.js";
import { OperatingError, UsageError } from "../exit-status.js";
import { readLocalKey } from "../process/local-key.js";
import { DATA_DEFAULT, dataDirectoryOf } from "./data-option.js";
import { firstGiven, officeUrlOf, urlOf } from "./local-client.js";
import { pathsOf } from "./paths.js";

/** The guard may look at a whole day of swipes. */
const TIMEOUT_MS = 3_600_000;

/** For `parseArgs`. */
export const CONSOLE_OPTIONS = { data: { type: "string" }, url: { type: "string" } } as const;
export const PERSON_OPTIONS = { ...CONSOLE_OPTIONS, "person-key-file": { type: "string" } } as const;

export const CONSOLE_HELP = `--data DIR               the data directory of an embedded Kadun (KADUN_DATA, else ${DATA_DEFAULT})
--url URL                the address of a console of a distributed one (KADUN_CONSOLE_URL)`;
export const PERSON_HELP = `${CONSOLE_HELP}
--person-key-file FILE   the file with the key that 'kadun people add NAME' printed (or the key itself in KADUN_PERSON_KEY)`;

export interface ConsoleGiven {
  readonly data?: string | undefined;
  readonly url?: string | undefined;
}

export interface PersonGiven extends ConsoleGiven {
  readonly "person-key-file"?: string | undefined;
}

export interface LocalGiven extends ConsoleGiven {
  readonly "key-file"?: string | undefined;
}

export class ConsoleClient {
  private constructor(
    private readonly name: string,
    /** Where it is asked. */
    readonly url: string,
    private readonly http: HttpClient,
  ) {}

  /** As a person. @throws UsageError, OperatingError. */
  static person(given: PersonGiven): ConsoleClient {
    return ConsoleClient.to(given, () => personKeyOf(given));
  }

  /** As whoever runs the machine. @throws UsageError, OperatingError. */
  static local(given: LocalGiven): ConsoleClient {
    return ConsoleClient.to(given, (url) => readLocalKey(localKeyFileOf(given, url)));
  }

  private static to(given: ConsoleGiven, keyOf: (url: string | null) => string): ConsoleClient {
    return ConsoleClient.by(accessOf(given, keyOf));
  }

  static by({ name, url, key }: ConsoleAccess): ConsoleClient {
    return new ConsoleClient(
      name,
      url,
      new HttpClient({ url, connectionsMax: 1, timeoutMs: TIMEOUT_MS, apiKey: key }),
    );
  }

  /** The answer, of the route's shape. @throws OperatingError with what was refused and why. */
  async ask<Shape>(request: HttpRequest, shape: z.ZodType<Shape>): Promise<Shape> {
    const { status, body } = await this.http.send(request).catch((error: unknown) => {
      throw new OperatingError(`${this.name}: nothing answers (${(error as Error).message}); does it run?`);
    });
    const json = jsonOf(body);
    if (status >= 200 && status <= 299) {
      const parsed = shape.safeParse(json);
      if (parsed.success) return parsed.data;
      throw new OperatingError(
        `${request.method} ${request.path}: not what this program understands; is it of the same release?`,
      );
    }
    throw refusedBy(request, status, body.toString("utf8"));
  }

  post<Shape>(path: string, body: unknown, shape: z.ZodType<Shape>): Promise<Shape> {
    return this.ask({ method: "POST", path, body: JSON.stringify(body) }, shape);
  }

  get<Shape>(path: string, shape: z.ZodType<Shape>): Promise<Shape> {
    return this.ask({ method: "GET", path }, shape);
  }

  close(): void {
    this.http.close();
  }
}

/** Where and with which key. */
export interface ConsoleAccess {
  /** For messages. */
  readonly name: string;
  readonly url: string;
  readonly key: string;
}

/** As a person where a person's key is given, else as whoever runs the machine. @throws UsageError, OperatingError. */
export function consoleAccess(given: PersonGiven & LocalGiven): ConsoleAccess {
  const hasPersonKey = firstGiven(given["person-key-file"], process.env.KADUN_PERSON_KEY) !== null;
  return accessOf(given, (url) =>
    hasPersonKey ? personKeyOf(given) : readLocalKey(localKeyFileOf(given, url)),
  );
}

function accessOf(given: ConsoleGiven, keyOf: (url: string | null) => string): ConsoleAccess {
  const url = urlOf(given, process.env.KADUN_CONSOLE_URL ?? null);
  const data = dataDirectoryOf(given.data);
  return { name: url ?? data, url: url ?? officeUrlOf(data), key: keyOf(url) };
}

/** What a service of the console or the office refuses with. */
const consoleProblem = z.object({
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  mistakes: z.array(bundleMistake).optional(),
});

export function refusedBy(
  { method, path }: Pick<HttpRequest, "method" | "path">,
  status: number,
  body: string,
): OperatingError {
  const problem = consoleProblem.safeParse(jsonOf(Buffer.from(body)));
  return new OperatingError(
    problem.success ? refusalText(problem.data) : `${method} ${path}: status ${status}: ${body}`,
  );
}

export function refusalText({ code, title, detail, mistakes = [] }: z.infer<typeof consoleProblem>): string {
  const lines = mistakes.map(({ path, expected }) => `  ${path || "(whole bundle)"}: ${expected}`);
  return [`${code}: ${title}: ${detail}`, ...lines].join("\n");
}

function personKeyOf(given: PersonGiven): string {
  const path = firstGiven(given["person-key-file"]);
  const key = path === null ? firstGiven(process.env.KADUN_PERSON_KEY) : textOf(path);
  if (key !== null && key.trim() !== "") return key.trim();
  throw new UsageError(
    "no key of a person: give --person-key-file FILE or set KADUN_PERSON_KEY; 'kadun people add NAME' makes one",
  );
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new OperatingError(
      `--person-key-file ${path}: cannot be read (${(error as NodeJS.ErrnoException).code}); check the path`,
    );
  }
}

function localKeyFileOf(given: LocalGiven, url: string | null): string {
  const path = firstGiven(given["key-file"], url === null ? null : process.env.KADUN_LOCAL_KEY_FILE);
  if (path !== null) return path;
  if (url === null) return pathsOf(dataDirectoryOf(given.data)).localKey;
  throw new UsageError(
    "--key-file (KADUN_LOCAL_KEY_FILE): not set; with --url the key file is needed that 'kadun topics create' made",
  );
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
