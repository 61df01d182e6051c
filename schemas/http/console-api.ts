/** What a route of `/v1/console/` is, for the tables of the console's parts. */
import type * as z from "zod";
import type { Permission } from "../console/access.js";

export interface ConsoleApiRoute {
  readonly method: "GET" | "POST" | "DELETE";
  /** `{id}` is what lies between two slashes. */
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  /** Whose key: a person's; a person's or that of the network `local`, which whoever runs the machine has. */
  readonly key: "person" | "either";
  readonly permission: Permission;
  /** What may stand behind the `?`, with what it means; all of it may be absent. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: z.ZodType;
  readonly status: 200;
  readonly answer: z.ZodType;
  readonly problems: readonly string[];
}
