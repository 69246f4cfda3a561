/** The parts of passport 0.7 that are used here; the package ships no types. */
declare module 'passport' {
  import type { Request, RequestHandler } from 'express';

  namespace passport {
    interface AuthenticateOptions {
      readonly session?: boolean;
    }
    type AuthenticateCallback = (error: unknown, user?: unknown, info?: unknown, status?: unknown) => void;
    interface StrategyCreatedStatic {
      success(user: unknown, info?: unknown): void;
      fail(challenge?: unknown, status?: number): void;
      redirect(url: string, status?: number): void;
      pass(): void;
      error(error: unknown): void;
    }
    type StrategyCreated<T, O = T & StrategyCreatedStatic> = { [P in keyof O]: O[P] };
    interface Strategy {
      readonly name?: string;
      authenticate(req: Request, options: AuthenticateOptions): void;
    }
    class Passport {
      authenticate(
        strategy: Strategy,
        options: AuthenticateOptions,
        callback: AuthenticateCallback,
      ): RequestHandler;
    }
  }
  const passport: { readonly Passport: typeof passport.Passport };
  export = passport;
}
