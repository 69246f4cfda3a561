/**
 * The words of a profile as types: how the requests of one application are read. Pure data, deeply readonly. The rest of the
 * domain's words are in model.ts, from which these are had as well.
 */
import type { Operation, Text } from './model.ts';

/** One segment of a route template: a literal, `*` for one segment, `**` for the rest. */
export interface Route {
  readonly template: string;
  readonly segments: readonly string[];
  readonly methods: readonly string[] | undefined;
  readonly operation: Operation;
  readonly label: Text | undefined;
  readonly static: boolean;
  readonly socket: boolean;
  /** Query keys whose presence may be stored; values never are. */
  readonly query: readonly string[];
  /** Which keys the query must and may have for this route to take the request; undefined: any query. */
  readonly when: QueryCondition | undefined;
  /** What beside method and path tells a read from a write. */
  readonly peek: Peek | undefined;
  /** Seconds without a byte either way before the exchange is ended; undefined: the system's. */
  readonly idleSeconds: number | undefined;
}

/** Names are those of PHP and others: what stands in brackets after a key belongs to its value. */
export interface QueryCondition {
  readonly has: readonly string[];
  /** Beside `has`; any other key, and the route does not take the request. */
  readonly mayHave: readonly string[];
}

/** What is looked at where method and path do not tell a read from a write. Every doubt is a write. */
export type Peek = HeaderPeek | PointerPeek | GraphqlPeek | SelectPeek;

/** A header line that stands there once and goes up; the values that mean `read`. */
export interface HeaderPeek {
  readonly header: string;
  readonly reads: readonly string[];
}

/** A JSON pointer (RFC 6901) into the request body and the values that mean `read`. */
export interface PointerPeek {
  readonly pointer: string;
  readonly reads: readonly string[];
}

/** A GraphQL document that holds queries only means `read`. */
export interface GraphqlPeek {
  readonly graphql: true;
}

/** A form with this key alone, whose value is one SQL statement that surely only reads (sql-reads.ts), means `read`. */
export interface SelectPeek {
  readonly select: string;
}

export interface Profile {
  readonly id: string;
  readonly routes: readonly Route[];
  /** What an answer must look like to be a copy (see `release`). */
  readonly copy: {
    readonly attachments: boolean;
    readonly types: readonly string[];
    readonly bytes: number;
  };
  readonly idleSeconds: number;
  /** Pages on one host of a system may call its other hosts; left out: they may not. */
  readonly betweenHosts?: boolean;
  /** `Authorization` goes up and challenges come down: the application's own signing in; left out: they do not. */
  readonly passAuthorization?: boolean;
  /** The application knows people by their connection (NTLM, Negotiate): each of the browser's is one of its own. */
  readonly connectionBound?: boolean;
  /** Templates of routes that another site may post a form to, through a page of ours. */
  readonly callbacks?: readonly string[];
  /** Templates of routes whose scripts may be installed as service workers. */
  readonly serviceWorkers?: readonly string[];
}
