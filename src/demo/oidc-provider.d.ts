/** The few parts of oidc-provider 9 that the demo and the tests use; the package ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export interface ProviderClient {
    readonly clientId: string;
    backchannelLogout(accountId: string, sid: string): Promise<void>;
  }

  export interface ProviderContext {
    type: string;
    body: unknown;
    status: number;
    set(name: string, value: string): void;
    readonly oidc: {
      readonly provider: Provider;
      readonly client: ProviderClient;
      readonly result?: { readonly consent?: { readonly grantId?: string } };
      readonly session: {
        readonly accountId: string;
        grantIdFor(clientId: string): string | undefined;
        sidFor(clientId: string): string | undefined;
      };
    };
  }

  export interface ProviderGrant {
    addOIDCScope(scope: string): void;
    save(): Promise<string>;
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
    on(event: 'authorization.success', listener: (ctx: ProviderContext) => void): this;
    on(
      event: 'server_error' | 'backchannel.error',
      listener: (ctx: ProviderContext, error: Error) => void,
    ): this;
    interactionDetails(
      req: IncomingMessage,
      res: ServerResponse,
    ): Promise<{
      readonly uid: string;
      readonly prompt: { readonly name: string };
      readonly params: Readonly<Record<string, unknown>>;
    }>;
    interactionFinished(
      req: IncomingMessage,
      res: ServerResponse,
      result: Readonly<Record<string, unknown>>,
      options: { readonly mergeWithLastSubmission: boolean },
    ): Promise<void>;
    readonly Client: { find(id: string): Promise<ProviderClient | undefined> };
    readonly Grant: {
      new (properties: { clientId: string; accountId: string }): ProviderGrant;
      find(id: string): Promise<ProviderGrant | undefined>;
    };
  }
}
