/** compose.yaml as parsed: the part of the Compose specification that it uses, and nothing else. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import { packageRoot } from "../../cli/package-root.js";

export const deployFolder = join(packageRoot, "deploy");

const Duration = z.string().regex(/^\d+(ms|s|m|h)$/);
const Environment = z.record(z.string().regex(/^[A-Z0-9_]+$/), z.union([z.string(), z.number()]));
const Healthcheck = z.union([
  z.strictObject({ disable: z.literal(true) }),
  z.strictObject({
    test: z
      .array(z.string())
      .refine(([first]) => first === "CMD" || first === "CMD-SHELL", "CMD or CMD-SHELL"),
    interval: Duration,
    timeout: Duration,
    start_period: Duration.optional(),
    retries: z.int().positive(),
  }),
]);
const Dependency = z.strictObject({
  condition: z.enum(["service_started", "service_healthy", "service_completed_successfully"]),
});
const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.string(), dockerfile: z.string() }).optional(),
  command: z.array(z.string()).optional(),
  environment: Environment.optional(),
  depends_on: z.union([z.array(z.string()), z.record(z.string(), Dependency)]).optional(),
  healthcheck: Healthcheck.optional(),
  volumes: z.array(z.string().regex(/^[^:]+:\/[^:]+(:ro)?$/)).optional(),
  ports: z.array(z.string().regex(/^127\.0\.0\.1:\d+:\d+$/)).optional(),
  secrets: z.array(z.string()).optional(),
  restart: z.enum(["no", "unless-stopped"]).optional(),
  deploy: z.strictObject({ replicas: z.int().positive() }).optional(),
  init: z.boolean().optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  tmpfs: z.array(z.string()).optional(),
  stop_grace_period: Duration.optional(),
  cpu_shares: z.int().positive().optional(),
  ulimits: z.strictObject({ nofile: z.int().positive() }).optional(),
});
const Compose = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9_-]*$/),
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.null()),
  secrets: z.record(z.string(), z.strictObject({ file: z.string() })),
});

export type ComposeService = z.infer<typeof Service>;
export type ComposeFile = z.infer<typeof Compose>;

/** `${NAME:?what to do}`, the one form of interpolation that it uses. */
const INTERPOLATION = /\$\{([A-Z_]+):\?[^}]+\}/g;

export const composeText = readFileSync(join(deployFolder, "compose.yaml"), "utf8");

/** Extension fields ("x-…") are there for their anchors only. */
export function composeFile(): ComposeFile {
  const all = z.record(z.string(), z.unknown()).parse(parse(composeText, { merge: true }));
  return Compose.parse(Object.fromEntries(Object.entries(all).filter(([name]) => !name.startsWith("x-"))));
}

export function interpolatedNames(): readonly string[] {
  return [...new Set([...composeText.matchAll(INTERPOLATION)].map(([, name]) => name!))];
}

export function interpolated(text: string | number, value: string): string {
  return String(text).replace(INTERPOLATION, value);
}
