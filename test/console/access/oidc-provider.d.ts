/** What the tests use of oidc-provider, which brings no types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Interaction {
    readonly uid: string;
  }
  interface Context {
    readonly path: string;
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    respond: boolean;
    readonly oidc: {
      readonly session?: { readonly accountId?: string };
      readonly client?: { readonly clientId: string };
    };
  }
  interface Grant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }
  export default class Provider {
    constructor(issuer: string, configuration: ProviderConfiguration);
    readonly Grant: new (of: {
      accountId: string;
      clientId: string;
    }) => Grant;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    use(middleware: (context: Context, next: () => Promise<void>) => Promise<void>): void;
    interactionFinished(request: IncomingMessage, response: ServerResponse, result: object): Promise<void>;
  }
  interface ProviderConfiguration {
    readonly clients: readonly object[];
    readonly pkce: object;
    readonly cookies: object;
    readonly features: object;
    readonly ttl: Readonly<Record<string, number>>;
    readonly findAccount: (context: Context, id: string) => object;
    readonly interactions: { readonly url: (context: Context, interaction: Interaction) => string };
    readonly loadExistingGrant: (context: Context) => Promise<Grant>;
  }
}
