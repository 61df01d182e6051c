/** A browser before the console's HTTP: keeps its cookie, says where a request comes from, and knows its session's word. */

import type { SessionAnswer } from "../../../schemas/http/console-access.js";
import { type Answer, type ConsoleWorld, requireDocumented } from "../server/console-world.js";

type Method = "GET" | "POST" | "PUT" | "DELETE";

export class Browser {
  cookie: string | null = null;
  csrf = "";
  /** Of the last answer. */
  setCookie: string | null = null;

  constructor(
    private readonly world: ConsoleWorld,
    /** Sent beside what a browser sends. */
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async ask(
    method: Method,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { url } = this.world;
    const isChange = method !== "GET";
    const response = await fetch(`${url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        ...(isChange && { origin: url, "sec-fetch-site": "same-origin", "x-kadun-csrf": this.csrf }),
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(this.cookie !== null && { cookie: this.cookie }),
        ...this.headers,
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    this.setCookie = response.headers.get("set-cookie");
    if (this.setCookie !== null) {
      const [pair = ""] = this.setCookie.split(";", 1);
      this.cookie = pair.endsWith("=") ? null : pair;
    }
    const answer = { status: response.status, body: await response.json().catch(() => null) };
    requireDocumented(`${method} ${path}`, response, answer.body);
    return answer;
  }

  get(path: string): Promise<Answer> {
    return this.ask("GET", path);
  }

  async signIn(name: string, password: string): Promise<Answer> {
    return this.signedIn(await this.ask("POST", "/v1/console/session", { name, password }));
  }

  async welcome(token: string, password: string): Promise<Answer> {
    return this.signedIn(await this.ask("POST", "/v1/console/welcome", { token, password }));
  }

  async demo(): Promise<Answer> {
    return this.signedIn(await this.ask("POST", "/v1/console/demo-session"));
  }

  private signedIn(answer: Answer): Answer {
    if (answer.status === 200) this.csrf = (answer.body as SessionAnswer).csrf;
    return answer;
  }
}

export interface Rights {
  readonly roles?: readonly string[];
  readonly scope?: readonly string[];
  readonly oidcSubject?: string | null;
}

/** An account as whoever runs the machine makes it. @returns the token of its one-time link. */
export async function addAccount(
  world: ConsoleWorld,
  name: string,
  { roles = ["analyst"], scope = [""], oidcSubject = null }: Rights = {},
): Promise<string> {
  const answer = await world.ask("local", "POST", "/v1/console/accounts", {
    name,
    roles,
    scope,
    oidcSubject,
  });
  if (answer.status !== 201) throw new Error(`no account: ${JSON.stringify(answer.body)}`);
  return answer.body.link.token;
}

/** Good by the rules, and nobody's name. */
export const PASSWORD = "green tea at seven";

/** Somebody with an account, in a browser of his own, signed in. */
export async function signedIn(world: ConsoleWorld, name: string, rights: Rights = {}): Promise<Browser> {
  const browser = new Browser(world);
  const { status } = await browser.welcome(await addAccount(world, name, rights), PASSWORD);
  if (status !== 200) throw new Error(`${name} was not let in: ${status}`);
  return browser;
}
