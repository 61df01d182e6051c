/** The pages over a database of their own and a desk in memory, on a clock that only tests move. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { Kysely } from "kysely";
import { packageRoot } from "../../../cli/package-root.js";
import type { OpenDatabase } from "../../../platform/database/database.js";
import { migrate } from "../../../platform/database/migrations.js";
import { openPgliteDatabase } from "../../../platform/database/pglite/pglite-database.js";
import { type Logger, silentLogger } from "../../../platform/logger/logger.js";
import { createCitizenApp } from "../../../services/console/citizen/citizen-app.js";
import type { CitizenTables } from "../../../services/console/citizen/citizen-tables.js";
import { emptyTables } from "../../support/empty-tables.js";
import { newMigratedDatabase } from "../../support/new-database.js";
import { CODE, MemoryDesk } from "./memory-desk.js";
import { Visitor } from "./visitor.js";

/** A Sunday morning in Beijing, on no border of any window. */
export const START_MS = Date.parse("2026-03-01T09:20:07.500+08:00");

export class CitizenDatabase {
  private constructor(
    readonly database: OpenDatabase,
    private readonly folder: string,
  ) {}

  static async open(): Promise<CitizenDatabase> {
    const folder = mkdtempSync(join(tmpdir(), "kadun-citizen-"));
    const database = await openPgliteDatabase({ path: await newMigratedDatabase(join(folder, "postgres")) });
    await migrate(database.dialect, join(packageRoot, "schemas", "postgres"));
    return new CitizenDatabase(database, folder);
  }

  get tables(): Kysely<CitizenTables> {
    return new Kysely<CitizenTables>({ dialect: this.database.dialect });
  }

  async empty(): Promise<void> {
    await emptyTables(this.tables, [
      "citizen_tallies",
      "citizen_entries",
      "citizen_sessions",
      "citizen_answers",
    ]);
  }

  async close(): Promise<void> {
    await this.database.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class CitizenPages {
  nowMs = START_MS;
  readonly sleptMs: number[] = [];
  /** How long a wait is; none unless a test says so. */
  wait: (ms: number) => Promise<void> = async () => {};
  readonly desk = new MemoryDesk(() => this.nowMs);
  app: FastifyInstance;
  private listening: Promise<string> | null = null;

  constructor(
    private readonly database: OpenDatabase,
    private readonly options: { readonly origin?: string; readonly logger?: Logger } = {},
  ) {
    this.app = this.create();
  }

  private create(): FastifyInstance {
    return createCitizenApp({
      desk: this.desk,
      database: this.database,
      clock: {
        now: () => this.nowMs,
        sleep: async (ms) => {
          this.sleptMs.push(ms);
          await this.wait(ms);
        },
      },
      logger: this.options.logger ?? silentLogger,
      hashKey: Buffer.alloc(32, 7),
      origin: this.options.origin ?? null,
      trustedProxies: ["127.0.0.1"],
    });
  }

  /** Where it listens; it does from the first question on. */
  async url(): Promise<string> {
    this.listening ??= this.app.listen({ host: "127.0.0.1", port: 0 });
    return this.listening;
  }

  async close(): Promise<void> {
    this.app.server.closeAllConnections();
    await this.app.close();
  }

  /** As after a crash: what was in memory is gone. */
  async restart(): Promise<void> {
    await this.close();
    this.listening = null;
    this.app = this.create();
  }

  visitor(address = "203.0.113.7"): Visitor {
    return new Visitor(this, address);
  }

  async signedIn(): Promise<Visitor> {
    const visitor = this.visitor();
    await visitor.knock(CODE, "123X");
    const entered = await visitor.enter(this.desk.sms.at(-1)!.code);
    if (entered.status !== 303) throw new Error(`not let in: ${entered.status} ${entered.body}`);
    return visitor;
  }
}
