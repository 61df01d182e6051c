import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Session } from "chdb";
import type { FrontRequest } from "./front-request.js";

/** An error of the engine, or one the front was told to give. */
export class EngineError extends Error {
  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

/** chdb on a directory. A connection of its own for each request: settings and parameters end with it, as over HTTP. */
export class FrontEngine {
  /** Holds the directory open. */
  private readonly held: Session;

  constructor(private readonly directory: string) {
    this.held = new Session(directory);
  }

  /** @throws EngineError. */
  async run(request: FrontRequest): Promise<Uint8Array> {
    const session = new Session(this.directory);
    try {
      const set = assignmentsOf(request);
      if (set !== "") await session.queryAsync(`SET ${set}`);
      await session.queryAsync(`USE ${request.database}`);
      return await answerOf(session, request, this.directory);
    } catch (cause) {
      throw engineErrorOf(cause);
    } finally {
      session.close();
    }
  }

  close(): void {
    this.held.close();
  }
}

async function answerOf(
  session: Session,
  { sql, rows, format }: FrontRequest,
  directory: string,
): Promise<Uint8Array> {
  if (rows === null) return (await session.queryAsync(sql, { format })).bytes();
  const [, target, given] = /^\s*INSERT INTO (.*) FORMAT (JSONEachRow|Native)\s*$/.exec(sql) ?? [];
  if (target === undefined)
    throw new EngineError(48, "Code: 48. DB::Exception: the front takes no such insert");
  if (given === "Native") await insertFromFile(session, target, { rows, directory });
  else await session.insert({ table: target, values: rows, format: "JSONEachRow" });
  return new Uint8Array();
}

/**
 * chdb takes text formats only; a server reads these bytes as they come. What a killed front leaves lies in its data, which
 * is removed.
 */
async function insertFromFile(
  session: Session,
  target: string,
  { rows, directory }: { readonly rows: Buffer; readonly directory: string },
): Promise<void> {
  const folder = await mkdtemp(join(directory, "block-"));
  try {
    const file = join(folder, "block");
    await writeFile(file, rows);
    await session.queryAsync(`INSERT INTO ${target} SELECT * FROM file('${file}', 'Native')`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function assignmentsOf({ parameters, settings }: FrontRequest): string {
  return [
    ...Object.entries(parameters).map(([name, value]) => [`param_${name}`, value] as const),
    ...Object.entries(settings),
  ]
    .map(([name, value]) => `${name} = '${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`)
    .join(", ");
}

function engineErrorOf(cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  return new EngineError(Number(/Code: (\d+)/.exec(text)?.[1] ?? 1002), text);
}
