/** Where a PostgreSQL server is and how to get in: the URL in its parts, so that no message shows the password. */

import { DatabaseError } from "../database.js";

export interface PostgresTls {
  /** Certificates (PEM) of who signed the server's; null: those that Node knows. */
  readonly ca: string | null;
}

export interface PostgresAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: PostgresTls | null;
  readonly applicationName: string | undefined;
}

const PORT_DEFAULT = 5432;
const EXAMPLE = "postgres://USER:PASSWORD@HOST:5432/DATABASE";
const PARAMETERS = ["sslmode", "application_name", "host"];

/**
 * `sslmode` is `disable` or `verify-full`: what lies between them encrypts for whoever answers. `host` names the folder
 * of a Unix socket. @throws DatabaseError OPEN_FAILED.
 */
export function postgresAddress(url: string, tls: PostgresTls | null): PostgresAddress {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new DatabaseError("OPEN_FAILED", `the address of PostgreSQL is no URL of the form ${EXAMPLE}`);
  const { searchParams } = parsed;
  for (const name of searchParams.keys())
    if (!PARAMETERS.includes(name))
      throw new DatabaseError(
        "OPEN_FAILED",
        `the address of PostgreSQL has the parameter ${name}; known: ${PARAMETERS.join(", ")}`,
      );
  const database = decoded(parsed.pathname.slice(1));
  if (database === undefined)
    throw new DatabaseError("OPEN_FAILED", `the address of PostgreSQL names no database: ${EXAMPLE}`);
  return {
    host: searchParams.get("host") ?? decoded(parsed.hostname.replace(/^\[|\]$/g, "")) ?? "localhost",
    port: parsed.port === "" ? PORT_DEFAULT : Number(parsed.port),
    user: decoded(parsed.username),
    password: decoded(parsed.password),
    database,
    tls: tlsOf(searchParams.get("sslmode"), tls),
    applicationName: searchParams.get("application_name") ?? undefined,
  };
}

/** `host:port/database` as user, for messages. */
export function shownAddress({ host, port, database, user }: PostgresAddress): string {
  const place = `PostgreSQL ${host}:${port}/${database}`;
  return user === undefined ? place : `${place} (user ${user})`;
}

function tlsOf(mode: string | null, tls: PostgresTls | null): PostgresTls | null {
  if (mode === null) return tls;
  if (mode === "verify-full") return tls ?? { ca: null };
  if (mode === "disable" && tls === null) return null;
  throw new DatabaseError(
    "OPEN_FAILED",
    `the address of PostgreSQL says sslmode=${mode}${tls === null ? "" : " beside TLS settings"}; use verify-full or disable`,
  );
}

function decoded(text: string): string | undefined {
  if (text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseError(
      "OPEN_FAILED",
      "the address of PostgreSQL has a % that is no escape: write it as %25",
    );
  }
}
