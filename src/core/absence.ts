/**
 * When nobody of a client is there: who is to be told now of a request that waits, and whether a client with one approver
 * has accepted that. Pure; approvers are looked at anew each time, so whoever took or lost a seat counts at once.
 */
import type { Seat } from './commands.ts';
import { type Delegation, mostWithin } from './delegations.ts';
import type { Client, ControllerRole, ControllerUser, Text } from './model.ts';
import { type ConsentRequest, isWaiting } from './requests.ts';

const MINUTE = 60_000;

/** What a client's file says about absence. */
export interface Absence {
  /** Until when one approver is accepted, epoch milliseconds; undefined: it is not. */
  readonly singleApproverUntil: number | undefined;
  /** Minutes after which the next approver is told of a request that waits; undefined: all are told at once. */
  readonly escalateAfter: number | undefined;
  /** Whom technicians call when nobody answers. */
  readonly emergencyContacts: readonly { readonly name: string; readonly phone: string }[];
}

/**
 * Whoever is to know of this request at `now`: representatives who sit in the order of the client's file, the first at once, one
 * more after each `escalateAfter`; and at once each delegate who sits and can answer something of it now, by one of `frames`.
 * A request that no longer waits is told to nobody; one that lies in the future because a clock was set back, to the first alone.
 */
export function toldOf(
  request: ConsentRequest,
  client: Pick<Client, 'controllers' | 'absence'>,
  seats: readonly Seat[],
  now: number,
  frames: readonly Delegation[] = [],
): readonly ControllerUser[] {
  if (!isWaiting(request, now)) return [];
  const approvers = approversOf(client, seats, 'representative');
  const after = client.absence?.escalateAfter;
  const steps =
    after === undefined
      ? approvers.length
      : Math.floor(Math.max(0, now - request.raisedAt) / (after * MINUTE));
  const standIns = approversOf(client, seats, 'delegate').filter(({ id }) => {
    const own = frames.filter((frame) => frame.status === 'active' && frame.controller === id);
    return mostWithin(own, request, now) !== undefined;
  });
  return [...approvers.slice(0, 1 + steps), ...standIns];
}

/** The next instant at which somebody more is to be told; undefined: everybody is, or nobody ever. */
export function toldMoreAt(
  request: ConsentRequest,
  client: Pick<Client, 'controllers' | 'absence'>,
  seats: readonly Seat[],
  now: number,
): number | undefined {
  const after = client.absence?.escalateAfter;
  const told = toldOf(request, client, seats, now).length;
  if (after === undefined || told === 0 || told >= approversOf(client, seats, 'representative').length)
    return undefined;
  const at = request.raisedAt + told * after * MINUTE;
  return at < request.until ? at : undefined;
}

function approversOf(
  { controllers }: Pick<Client, 'controllers'>,
  seats: readonly Seat[],
  as: ControllerRole,
): readonly ControllerUser[] {
  const seated = new Set(seats.filter(({ role }) => role === as).map((seat) => seat.controller));
  return controllers.filter(({ id, role }) => role === as && seated.has(id));
}

/** A live client's approvers: at least two can answer, or one is accepted until a day; else this. */
export interface ApproverFinding {
  /** A warning is told before the accepted day is over, so that nobody learns of it in the holidays. */
  readonly verdict: 'fault' | 'warning';
  /** Where it is to be mended in the client's file. */
  readonly path: readonly string[];
  readonly message: Text;
}

/** What a client's file says of approvers. */
export type Approvers = Pick<Client, 'status' | 'controllers' | 'absence'>;

const nobody: Text = {
  en: 'its file names nobody who may approve',
  fr: 'son fichier ne nomme personne qui puisse approuver',
};
const onlyOne: Text = {
  en: 'its file names one approver only',
  fr: 'son fichier ne nomme qu’une personne qui puisse approuver',
};
const mend: Text = {
  en: 'nominate a second, or accept it with absence.single_approver_until and a reason',
  fr: 'désignez-en une seconde, ou admettez-le avec absence.single_approver_until et un motif',
};

const warnedBefore = 30 * 24 * 60 * MINUTE;

/** `now` is epoch milliseconds UTC; undefined: nothing to say. Nominations count, seats are another matter. */
export function approverFinding(client: Approvers, now: number): ApproverFinding | undefined {
  if (client.status !== 'live') return undefined;
  const approvers = client.controllers.filter(({ role }) => role !== 'reader').length;
  if (approvers > 1) return undefined;
  const until = client.absence?.singleApproverUntil;
  const why = approvers === 0 ? nobody : onlyOne;
  if (until === undefined) {
    const message = { en: `${why.en}: ${mend.en}`, fr: `${why.fr} : ${mend.fr}` };
    return { verdict: 'fault', path: ['controllers'], message };
  }
  const path = ['absence', 'single_approver_until'];
  // The last moment that is inside, so that the day is the one in the file.
  const day = new Date(until - 1).toISOString().slice(0, 10);
  if (now >= until) {
    const en = `${why.en}, which was accepted until ${day}: ${mend.en} anew`;
    return {
      verdict: 'fault',
      path,
      message: { en, fr: `${why.fr}, admis jusqu’au ${day} : ${mend.fr} à nouveau` },
    };
  }
  if (now < until - warnedBefore) return undefined;
  const en = `${why.en}, which is accepted until ${day} only: ${mend.en} anew`;
  return {
    verdict: 'warning',
    path,
    message: { en, fr: `${why.fr}, admis jusqu’au ${day} seulement : ${mend.fr} à nouveau` },
  };
}
