/**
 * Signing in at an identity provider: OpenID Connect, authorization code with PKCE, state and nonce.
 *
 * Owns: what is known of the provider (asked at the first sign-in, and again after a failure).
 * Does not own: accounts, sessions, cookies.
 *
 * 1. What a browser brings back counts only with the cookie that was set when it left, ten minutes long and once.
 * 2. Nothing of tokens or claims is kept or logged but the one claim by which an account is found.
 */

import * as client from "openid-client";
import * as z from "zod";

export interface OidcProvider {
  /** Where its `/.well-known/openid-configuration` is; https, or http on this machine. */
  readonly issuer: string;
  readonly clientId: string;
  /** Asked at the first sign-in: files are changed. */
  readonly clientSecret: () => string;
  /** Whose value is an account's subject, such as `sub` or `preferred_username`. */
  readonly claim: string;
  /** The console's address for the provider to send back to. */
  readonly redirectUri: string;
}

/** Kept by the browser between leaving and coming back. */
const leaving = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });
export type Leaving = z.infer<typeof leaving>;

/** Providers answer within a second or two; a person waits before the page. */
const TIMEOUT_SECONDS = 10;
const SCOPE = "openid profile";

export class OidcError extends Error {
  override readonly name = "OidcError";
  readonly retryable = true;
}

export class Oidc {
  private found: Promise<client.Configuration> | null = null;

  constructor(private readonly provider: OidcProvider) {}

  /** @throws OidcError where the provider does not answer. */
  async leave(): Promise<{ readonly url: string; readonly leaving: Leaving }> {
    const config = await this.configuration();
    const [state, nonce, verifier] = [
      client.randomState(),
      client.randomNonce(),
      client.randomPKCECodeVerifier(),
    ];
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: this.provider.redirectUri,
      scope: SCOPE,
      state,
      nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    return { url: url.href, leaving: { state, nonce, verifier } };
  }

  /** @param query of the address that the browser came back to. @returns the claim's value. @throws OidcError. */
  async comeBack(query: string, { state, nonce, verifier }: Leaving): Promise<string> {
    const config = await this.configuration();
    const address = new URL(this.provider.redirectUri);
    address.search = query;
    try {
      const tokens = await client.authorizationCodeGrant(config, address, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      return this.subjectOf(tokens.claims());
    } catch (cause) {
      if (cause instanceof OidcError) throw cause;
      throw new OidcError("the identity provider's answer was not accepted", { cause });
    }
  }

  private subjectOf(claims: Readonly<Record<string, unknown>> | undefined): string {
    const value = claims?.[this.provider.claim];
    if (typeof value === "string" && value !== "") return value;
    throw new OidcError(`the identity provider gave no claim '${this.provider.claim}' (KADUN_OIDC_CLAIM)`);
  }

  private configuration(): Promise<client.Configuration> {
    this.found ??= this.discover().catch((cause: unknown) => {
      this.found = null;
      throw new OidcError("the identity provider does not answer (KADUN_OIDC_ISSUER)", { cause });
    });
    return this.found;
  }

  private discover(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.provider;
    const url = new URL(issuer);
    // Settings let http through for this machine alone.
    const execute = url.protocol === "http:" ? [client.allowInsecureRequests] : [];
    return client.discovery(url, clientId, clientSecret(), undefined, { execute, timeout: TIMEOUT_SECONDS });
  }
}

/** For a cookie. */
export function leavingText(left: Leaving): string {
  return Buffer.from(JSON.stringify(left)).toString("base64url");
}

/** null where it is none. */
export function leavingOf(text: string | null): Leaving | null {
  if (text === null || !/^[A-Za-z0-9_-]{1,1024}$/.test(text)) return null;
  try {
    return leaving.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    return null;
  }
}
