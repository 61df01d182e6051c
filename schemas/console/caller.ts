/** Who asks, as every service of the office meets them: let in, or refused, by the one gate of the console. */

import type { AdmissionProblemCode } from "../http/admission-problem.js";
import type { Permission, Role, Scope } from "./access.js";

/** A caller with a key or a session; `local` is whoever runs the machine. */
export interface Caller {
  readonly name: string;
  readonly isLocal: boolean;
  /** Of an account; none of keys without one, which may everything. */
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<Permission>;
  /** Rows of other regions are not there. */
  readonly scope: Scope;
  /** null where a key was given. */
  readonly session: CallerSession | null;
}

export interface CallerSession {
  readonly sessionId: string;
  /** What the header x-kadun-csrf of a change holds. */
  readonly csrf: string;
  /** The local user of a demonstration. */
  readonly isDemo: boolean;
}

/** What is looked at to tell who asks; node's and fastify's requests are this. */
export interface AskedRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface AdmissionRefusal {
  readonly refused: AdmissionProblemCode;
  readonly detail: string;
}

/** Rejects where the database does not answer. */
export type Admit = (request: AskedRequest) => Promise<Caller | AdmissionRefusal>;
