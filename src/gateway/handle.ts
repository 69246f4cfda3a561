/**
 * The path of one request, read top to bottom: arrive, (enter), admit = identify, classify, decide, register,
 * record; then forward and release. The file to read first.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ownPath } from '../core/paths.ts';
import type { Policies } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { type AdmitDeps, admit, type Turned } from './admit.ts';
import { faultAnswer, notSentAnswer, refusalAnswer, send, wantsPage } from './answer.ts';
import { type Arrival, arrive } from './arrive.ts';
import { answerCallback } from './callback.ts';
import { askToDeclare, declareAddress, ownPages } from './enter.ts';
import type { EntryDeps } from './entry.ts';
import { type ForwardDeps, forward } from './forward.ts';
import { randomId } from './ids.ts';
import { answerPreflight } from './preflight.ts';
import { reset } from './raw-socket.ts';

export interface HandleDeps extends AdmitDeps, ForwardDeps, EntryDeps {
  readonly policies: Policies;
  readonly scheme: 'http' | 'https';
  readonly log: Log;
}

/** Makes the listener for requests on system hosts. It never throws and always ends the response. */
export function createHandler(
  deps: HandleDeps,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  return async (req, res) => {
    const socket: Socket | null = req.socket;
    // Read from a connection that was gone by then: nobody is there, and nothing is begun.
    if (socket === null) return;
    try {
      const arrival = arrive(req, deps.policies.current(), deps.scheme, deps.clock.monotonic(), false);
      if ('why' in arrival) return send(req, res, randomId(), refusalAnswer(arrival.reason));
      if (arrival.url.startsWith(ownPath)) return await ownPages(arrival, req, res, deps);
      if (answerPreflight(arrival, req, res)) return;
      const callback = answerCallback(arrival, req, res);
      if (callback !== undefined) return await callback;
      const admitted = await admit(
        arrival,
        req,
        { cut: (exchange) => exchange.onCut(() => reset(socket)), expect: () => res.writeContinue() },
        deps,
      );
      if ('kind' in admitted) return turn(admitted, arrival, req, res, deps);
      forward(admitted, arrival, req, res, deps);
    } catch (error) {
      deps.log.error('request_failed', { error });
      send(req, res, randomId(), faultAnswer('internal'));
    }
  };
}

/** Answers what is not forwarded. */
function turn(
  turned: Turned,
  arrival: Arrival,
  req: IncomingMessage,
  res: ServerResponse,
  deps: HandleDeps,
): void {
  const renew = declareAddress(bodiless(arrival.method) ? arrival.url : arrival.target.path);
  switch (turned.kind) {
    case 'gone':
      return reset(req.socket);
    case 'fault':
      return send(req, res, arrival.id, faultAnswer(turned.code));
    case 'refused':
      return send(req, res, arrival.id, refusalAnswer(turned.reason, { href: renew, label: declareAgain }));
    case 'ended':
      return send(
        req,
        res,
        arrival.id,
        wantsPage(req) ? notSentAnswer(renew) : refusalAnswer('not_authenticated'),
      );
    case 'declare':
      if (arrival.method === 'GET' && wantsPage(req))
        return askToDeclare(arrival, arrival.url, res, deps, true);
      return send(
        req,
        res,
        arrival.id,
        refusalAnswer('not_authenticated', { href: renew, label: declareAgain }),
      );
  }
}

const declareAgain = { en: 'Declare another purpose', fr: 'Déclarer une autre finalité' };

function bodiless(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
