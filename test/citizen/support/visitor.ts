/** Somebody who visits the cardholder's pages. */

export interface PagesUnderTest {
  /** Where they listen. */
  url(): Promise<string>;
}

/** A browser without a window: keeps cookies, sends forms as they were shown. */
export class Visitor {
  readonly cookies = new Map<string, string>();

  constructor(
    readonly pages: PagesUnderTest,
    /** As a proxy before them says it; null: there is none. */
    readonly address: string | null,
  ) {}

  get headers(): Record<string, string> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    return {
      ...(this.address !== null && { "x-forwarded-for": this.address }),
      ...(cookie === "" ? {} : { cookie }),
    };
  }

  get(url: string): Promise<Answer> {
    return this.ask(url, {});
  }

  post(
    url: string,
    fields: Record<string, string | readonly string[]>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(fields))
      for (const one of [value].flat()) body.append(name, one);
    return this.ask(url, { method: "POST", body, headers });
  }

  /** The keys of the forms on the page that was shown last, or on this one. */
  async keysOn(url: string): Promise<{ csrf: string; formId: string }> {
    return keysIn((await this.get(url)).body);
  }

  async knock(code: string, last4: string): Promise<Answer> {
    return this.post("/entry", { ...(await this.keysOn("/")), code, last4 });
  }

  async enter(oneTimeCode: string): Promise<Answer> {
    return this.post("/code", { ...(await this.keysOn("/code")), oneTimeCode });
  }

  async change(page: string, url: string, fields: Record<string, string | readonly string[]> = {}) {
    return this.post(url, { ...(await this.keysOn(page)), ...fields });
  }

  async upload(appeal: string, file: { name: string; content: Buffer; kind?: string }): Promise<Answer> {
    const keys = await this.keysOn(`${appeal}/documents`);
    const body = new FormData();
    for (const [name, value] of Object.entries({ ...keys, kind: file.kind ?? "other" }))
      body.append(name, value);
    body.append("file", new Blob([new Uint8Array(file.content)], { type: "image/jpeg" }), file.name);
    return this.ask(`${appeal}/documents`, { method: "POST", body });
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const url = `${await this.pages.url()}${path}`;
    const headers = { ...this.headers, ...(init.headers as Record<string, string>) };
    const response = await fetch(url, { ...init, headers, redirect: "manual" });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      if (value === "") this.cookies.delete(name!);
      else this.cookies.set(name!, value!);
    }
    const { status } = response;
    return {
      status,
      headers: response.headers,
      location: response.headers.get("location"),
      body: await response.text(),
    };
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly location: string | null;
  readonly body: string;
}

export function keysIn(page: string): { csrf: string; formId: string } {
  const of = (name: string) => new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? "";
  return { csrf: of("csrf"), formId: of("formId") };
}
