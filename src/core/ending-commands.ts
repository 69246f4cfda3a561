/** What the writer is told about the end of a contract, and what it answers. */
import type { UnsignedRefusal } from './answers.ts';
import type { Evidence } from './commands.ts';
import type { EndingCause, ErasureSubject, FileEnd, HostedWay } from './ending.ts';
import type { EndingCertificate } from './ending-certificate.ts';
import type { Receipt } from './entries.ts';

/** Somebody of the provider, with the name that stands beside the line. */
export interface EndingActor {
  readonly person: string;
  readonly name: string;
}

export type EndingCommand =
  /** `ending.set`: the next version of what the client says of the end, signed by a seated representative. Raises the epoch. */
  | {
      readonly do: 'ending-set';
      readonly client: string;
      readonly text: string;
      readonly evidence: Evidence;
    }
  /**
   * `ending.began` when the contract is over and the log does not say so: every agreement in force is suspended in the same
   * transaction. `ending.lifted` when the log says so and it is not over any more. Only under the rules last recorded.
   */
  | { readonly do: 'ending-look'; readonly client: string; readonly file: FileEnd; readonly policy: string }
  /** `ending.notified`: from when on the provider may erase; at least 21 calendar days later. */
  | {
      readonly do: 'ending-notify';
      readonly client: string;
      readonly by: EndingActor;
      readonly what: ErasureSubject;
      readonly from: number;
      readonly text: string;
    }
  /** `ending.certified`: only when nothing is outstanding; written from the rows in the transaction that says so. */
  | {
      readonly do: 'ending-certify';
      readonly client: string;
      readonly by: EndingActor;
      readonly provider: string;
      readonly name: string;
      readonly systems: readonly { readonly system: string; readonly how: HostedWay }[];
      /** Until when the log is kept, epoch milliseconds, and why. */
      readonly keptUntil: number;
      readonly why: string;
    };

export type CertifyRefusal = 'not_over' | 'certified' | 'outstanding' | 'not_noticed' | 'kept_until';

export interface EndingAnswers {
  'ending-set':
    | {
        readonly receipt: Receipt;
        readonly epoch: number;
        /** The instant of the last day that is in force now; left out: none. */
        readonly noticed?: number;
      }
    | {
        readonly refused:
          | 'not_seated'
          | 'not_yet'
          | 'version_stale'
          | 'ending_day'
          | 'ending_certified'
          | UnsignedRefusal;
      };
  /** `open`: an access has not ended yet. `moved`: other rules were recorded meanwhile. */
  'ending-look':
    | { readonly began: EndingCause; readonly grants: readonly string[] }
    | { readonly lifted: true }
    | { readonly same: true }
    | { readonly open: number }
    | { readonly moved: true };
  'ending-notify': { readonly receipt: Receipt } | { readonly refused: 'not_over' | 'too_soon' };
  'ending-certify':
    | { readonly receipt: Receipt; readonly certificate: EndingCertificate }
    | { readonly refused: CertifyRefusal };
}
