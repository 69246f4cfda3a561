/**
 * A request that the portal will not serve, for a reason that people can act on. Thrown by handlers, answered in
 * one place (errors.tsx). Faults, by contrast, are when we could not do our work.
 */
import type { Text } from '../core/model.ts';
import { texts } from './texts.ts';

export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: Text;
  readonly next: Text;
  /** What a program needs besides, to go on. */
  readonly more: object;

  constructor(status: number, code: string, title: Text, next: Text, more: object = {}) {
    super(code);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.title = title;
    this.next = next;
    this.more = more;
  }
}

/** A controller who was named but not enrolled: navigations go to the enrolment page, everything else is refused. */
export class NotSeated extends Refusal {
  constructor() {
    super(403, 'not_seated', texts.controller.seatTitle, texts.controller.seatIntro);
    this.name = 'NotSeated';
  }
}
