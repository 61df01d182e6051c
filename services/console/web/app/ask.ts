/**
 * The office's HTTP as a browser asks it: a route of one of the tables in schemas/http, with what it needs, gives its
 * answer.
 *
 * 1. A refusal is a `Refused` with the office's code; the network's failures too, as AWAY.
 * 2. What changes something carries the session's word against forged requests.
 */

import type * as z from "zod";

export interface AskedRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** `{name}` is filled from `path`. */
  readonly path: string;
  readonly body?: z.ZodType;
  readonly answer?: z.ZodType;
}

type PlacesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | PlacesIn<Rest>
  : never;
type QueryValue = string | number | boolean | null | undefined | readonly string[];

export type Given<Route extends AskedRoute> = {
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly signal?: AbortSignal | undefined;
} & (PlacesIn<Route["path"]> extends never
  ? { readonly path?: undefined }
  : { readonly path: Readonly<Record<PlacesIn<Route["path"]>, string | number>> }) &
  (Route["body"] extends z.ZodType
    ? { readonly body: z.input<Route["body"]> }
    : { readonly body?: undefined });

export type AnswerOf<Route extends AskedRoute> = Route["answer"] extends z.ZodType
  ? z.output<Route["answer"]>
  : unknown;

/** An expected refusal, or a server that did not answer. */
export class Refused extends Error {
  override readonly name = "Refused";
  constructor(
    /** 0 where nobody answered. */
    readonly status: number,
    readonly code: string,
    /** For people, in English: what stands against it and the next step. */
    readonly detail: string,
    /** The whole problem. */
    readonly problem: unknown = null,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Nobody answered. */
export function isAway(error: unknown): boolean {
  return error instanceof Refused && error.status === 0;
}

/** May it be well when it is asked again: nobody answered, or the office could not just now. */
export function isPassing(error: unknown): boolean {
  return isAway(error) || (error instanceof Refused && error.status >= 500);
}

let csrfWord = "";
/** Of the session; empty without one. */
export function setCsrfWord(word: string): void {
  csrfWord = word;
}

let onSessionEnded: () => void = () => {};
/** Called when an answer says that nobody is signed in any more. */
export function whenSessionEnds(react: () => void): void {
  onSessionEnded = react;
}

/** @throws Refused. Aborted: what `fetch` throws. */
export async function ask<Route extends AskedRoute>(
  route: Route,
  given: Given<Route>,
): Promise<AnswerOf<Route>> {
  const response = await send(route, given);
  // The office checks what it answers; a second look here would double the size of the pages' program.
  return (response.status === 204 ? null : await response.json()) as AnswerOf<Route>;
}

/** The answer itself: for files and for lines that come bit by bit. @throws Refused. */
export async function send<Route extends AskedRoute>(route: Route, given: Given<Route>): Promise<Response> {
  const { body, signal } = given;
  const response = await fetch(addressOf(route, given), {
    method: route.method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(route.method !== "GET" && { "x-kadun-csrf": csrfWord }),
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal !== undefined && { signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new Refused(0, "AWAY", "the office does not answer; it is asked again when you press");
  });
  if (response.ok) return response;
  const refused = await refusedOf(response);
  if (refused.status === 401) onSessionEnded();
  throw refused;
}

/** For links to files: the browser asks with the session's cookie. */
export function addressOf<Route extends AskedRoute>(
  { path: pattern }: Route,
  { path, query = {} }: Given<Route>,
): string {
  const places: Readonly<Record<string, string | number>> = path ?? {};
  const address = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(places[name]!));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === "") continue;
    if (Array.isArray(value)) for (const one of value as readonly string[]) search.append(name, one);
    else search.set(name, String(value));
  }
  return search.size === 0 ? address : `${address}?${search}`;
}

async function refusedOf(response: Response): Promise<Refused> {
  const problem: unknown = await response.json().catch(() => null);
  const { code, detail } = (problem ?? {}) as { readonly code?: unknown; readonly detail?: unknown };
  return new Refused(
    response.status,
    typeof code === "string" ? code : `HTTP_${response.status}`,
    typeof detail === "string" ? detail : "",
    problem,
  );
}
