/**
 * The lines of a client's log that the portal itself writes: who looked, and who was refused a declaration. Built
 * here from typed fields only, so that no free text can slip in.
 */
import type { Draft, Groups, LeafFields, RefusalFields, SessionFields } from '../core/entries.ts';
import { textHash } from '../core/leaf.ts';
import type {
  AnySystem,
  Client,
  ControllerUser,
  Opening,
  Operation,
  Person,
  ProviderUser,
} from '../core/model.ts';
import type { OwnInstructions } from '../core/own-instructions.ts';
import { nameTold, termOf } from '../core/pseudonyms.ts';
import { type Reason, reasonAnswers } from '../core/reasons.ts';
import { robotFunction } from '../core/robots.ts';
import type { ReferenceCheck } from '../core/ticket-check.ts';

import { rfc3339 } from './formats.ts';

/** Fields of `session.opened`. `operations`: what purpose and agreement both permit; `clock` as in `SessionFields`. */
export function sessionFields(
  opening: Opening,
  operations: readonly Operation[],
  client: Client,
  clock?: number,
  own?: OwnInstructions,
  check?: ReferenceCheck,
): LeafFields {
  const outside = opening.systems.filter((id) => client.outside.has(id));
  const line: SessionFields = {
    systems: opening.systems.join(' '),
    ...(outside.length === 0 ? {} : { declared: outside.join(' ') }),
    purpose: opening.purpose,
    operations: operations.join(' '),
    grant: opening.grant,
    policy: client.sliceHash,
    ends: rfc3339(opening.endsAt),
    ...(clock === undefined ? {} : { clock }),
    ...(client.instructions.length === 0 ? {} : { instructions: shownInstructions(client) }),
    ...(own === undefined ? {} : { own: own.textHash }),
    ...(check === undefined ? {} : { reference_check: check }),
  };
  return { ...line };
}

/** The hash of the instructions, id and text in both languages, in the order in which they are shown. */
export function shownInstructions({ instructions }: Pick<Client, 'instructions'>): string {
  return textHash(JSON.stringify(instructions.map(({ id, text }) => [id, text.en, text.fr])));
}

/** Who works, in which function, from where, on what: each its own group, none of it in the leaf. */
export function sessionGroups(
  opening: Opening,
  person: Person,
  client: Client,
  employer: string,
  origin: { readonly address: string | undefined; readonly agent: string | undefined },
): Groups {
  return {
    ...workGroups(opening, person, client, employer),
    origin: { address: origin.address ?? '', agent: (origin.agent ?? '').slice(0, 256) },
  };
}

/** Who asks a client for what: the person, as this client may read them, and what they wrote, none of it in the leaf. */
export function workGroups(
  asked: { readonly reference: string; readonly note: string },
  person: Person,
  client: Client | undefined,
  employer: string,
): Groups {
  return {
    // How a client that stands in no file any more may read names is not known.
    person: {
      subject: person.subject,
      ...(client === undefined ? {} : { name: nameTold(client, person) }),
    },
    role: roleOf(person, client, employer),
    work: { reference: asked.reference, note: asked.note },
  };
}

/** A robot's function is that it is one; who answers for it is told where it is shown. */
function roleOf(
  { functions, teams, robot }: Person,
  client: Client | undefined,
  employer: string,
): LeafFields {
  if (robot !== undefined)
    return { function: robotFunction, employer, team: '', responsible: termOf(client, robot.responsible) };
  return { function: functions.join(' '), employer, team: teams.join(' ') };
}

/** `access.refused` for a declaration that nothing permits. */
export function refusedDeclaration(of: {
  readonly id: string;
  readonly client: Client;
  readonly system: AnySystem;
  readonly person: Person;
  readonly employer: string;
  readonly reason: Reason;
  readonly criteria: readonly string[];
}): Draft {
  const { person } = of;
  const line: RefusalFields = {
    session: '',
    system: of.system.id,
    method: 'DECLARE',
    operation: 'read',
    reason: reasonAnswers[of.reason].leaf,
    count: 1,
    policy: of.client.sliceHash,
  };
  return {
    client: of.client.id,
    t: 'access.refused',
    id: of.id,
    fields: { ...line },
    person: person.id,
    groups: {
      person: { subject: person.subject, name: nameTold(of.client, person) },
      role: roleOf(person, of.client, of.employer),
      standing: { reason: of.reason, criteria: of.criteria.join(' ') },
    },
  };
}

/** `log.read`: one look of a client's own user at the log, by role; the name is in a group of its own. */
export function logRead(of: {
  readonly id: string;
  readonly controller: ControllerUser;
  readonly seat: string;
  readonly view: string;
}): Draft {
  const { controller } = of;
  return {
    client: controller.client,
    t: 'log.read',
    id: of.id,
    fields: { role: controller.role, seat: of.seat, view: of.view },
    person: controller.id,
    groups: { person: { subject: controller.subject, name: controller.name } },
  };
}

/** `log.read` of one look of the provider's own people into a client; holds no seat, so it is no visit of the client's. */
export function providerRead(of: {
  readonly id: string;
  readonly client: string;
  readonly user: ProviderUser;
  readonly view: string;
  /** Of view `matter`: which one. */
  readonly matter: string | undefined;
}): Draft {
  const { user, matter } = of;
  return {
    client: of.client,
    t: 'log.read',
    id: of.id,
    fields: {
      ...{ by: 'provider', role: user.role, view: of.view },
      ...(matter === undefined ? {} : { matter }),
    },
    person: user.id,
    groups: { person: { subject: user.subject, name: user.name } },
  };
}
