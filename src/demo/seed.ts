/**
 * What a trial starts with: the sample clients' controllers take their seats and give the agreements that the tour
 * needs, signed by the key that the gateway holds in evaluation mode. Done once; a second start finds it done.
 */
import { randomBytes } from 'node:crypto';
import type { Seat } from '../core/commands.ts';
import { fileEnd, overAt } from '../core/ending.ts';
import { writeGrantText } from '../core/grant-text.ts';
import {
  type Client,
  type ControllerUser,
  isOwnAccount,
  type Operation,
  type Snapshot,
} from '../core/model.ts';
import type { Archive, Authority } from '../core/ports.ts';
import { shownTo } from '../core/pseudonyms.ts';
import { robotInWords, robotName } from '../core/robots.ts';

/** The parts of a running app that are needed here. */
export interface Seeded {
  readonly archive: Archive;
  readonly authority: Authority;
  readonly evaluation: { readonly publicKey: string; sign(textHash: string): Signed } | undefined;
}

interface Signed {
  readonly method: Seat['method'];
  readonly signature: string;
  readonly authenticatorData: string;
  readonly clientData: string;
}

/** An agreement that a trial starts with. */
export interface Sample {
  readonly client: string;
  readonly systems: readonly string[];
  readonly purposes: readonly string[];
  readonly operations: readonly Operation[];
  /** Robots that it names beside whoever is assigned; left out: none. */
  readonly robots?: readonly string[];
}

const samples: readonly Sample[] = [
  {
    client: 'acme',
    systems: ['erp'],
    purposes: ['hotline', 'support', 'diagnosis'],
    operations: ['read', 'write'],
  },
  {
    client: 'acme',
    systems: ['erp', 'backup'],
    purposes: ['backup', 'restore'],
    operations: ['read', 'write', 'copy'],
    robots: ['nightly-backup'],
  },
  {
    client: 'martin',
    systems: ['payroll', 'desktop'],
    purposes: ['hotline', 'support'],
    operations: ['read'],
  },
];

const days = 86_400_000;

/** Throws when the app is not in evaluation mode or the policies lack what the samples name. `more`: of clients of one's own. */
export async function seedDemo(
  app: Seeded,
  snapshot: Snapshot,
  now: number,
  more: readonly Sample[] = [],
): Promise<void> {
  for (const client of snapshot.clients.values()) {
    const { seats, grants } = await app.archive.inForce(client.id);
    // Whoever has an account here and nowhere else makes it themselves.
    const samplePeople = client.controllers.filter((one) => !isOwnAccount(one));
    for (const controller of samplePeople) {
      if (!seats.some((seat) => seat.controller === controller.id)) await seat(app, controller, now);
    }
    if (grants.length > 0 || overAt(fileEnd(client), undefined, now) !== undefined) continue;
    const representative = samplePeople.find(({ role }) => role === 'representative');
    if (representative === undefined) continue;
    for (const sample of [...samples, ...more]) {
      if (sample.client === client.id) await agree(app, snapshot, client, representative, sample, now);
    }
  }
}

async function seat(app: Seeded, controller: ControllerUser, now: number): Promise<void> {
  const { evaluation } = app;
  if (evaluation === undefined) throw new Error('seats without a passkey exist in evaluation mode only');
  await app.authority.run({
    do: 'seat',
    seat: {
      id: randomBytes(12).toString('base64url'),
      client: controller.client,
      controller: controller.id,
      issuer: controller.issuer,
      subject: controller.subject,
      name: controller.name,
      role: controller.role,
      authority: controller.authority,
      method: 'evaluation-key',
      credentialId: '',
      publicKey: evaluation.publicKey,
      seatedAt: now,
    },
    authorisedBy: { evaluation: true },
  });
}

async function agree(
  app: Seeded,
  snapshot: Snapshot,
  client: Client,
  by: ControllerUser,
  sample: Sample,
  now: number,
): Promise<void> {
  const seats = (await app.archive.inForce(client.id)).seats;
  const seated = seats.find(({ controller }) => controller === by.id);
  if (seated === undefined || app.evaluation === undefined) throw new Error(`${by.id} has no seat`);
  const id = randomBytes(12).toString('base64url');
  const language = 'fr';
  const from = now - (now % 1000);
  const last = Temporal.Instant.fromEpochMilliseconds(from + 90 * days).toZonedDateTimeISO(client.zone);
  const until = last.startOfDay().epochMilliseconds;
  const day = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: client.zone });
  const date = new Intl.DateTimeFormat('fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: client.zone,
  });
  // What the policies do not name is no robot.
  const robots = (sample.robots ?? []).filter((robot) => snapshot.people.get(robot)?.robot !== undefined);
  const people = ['assigned', ...robots.map(robotName)];
  const named = robots.map((robot) => robotInWords(shownTo(snapshot, client), robot).fr);
  const { text, textHash } = writeGrantText({
    id,
    version: 1,
    language,
    ...sample,
    people,
    from,
    until,
    words: {
      client: client.name,
      provider: snapshot.organisation,
      contact: `${client.contact.name}, ${client.contact.mail}`,
      systems: sample.systems.map((system) => client.systems.get(system)?.name.fr ?? system),
      purposes: sample.purposes.map((purpose) => snapshot.purposes.get(purpose)?.label.fr ?? purpose),
      people: 'les personnes affectées par le prestataire à ces systèmes',
      ...(named.length === 0 ? {} : { robots: named }),
      from: date.format(from),
      until: `${day.format(until - 1)} inclus`,
      author: by.name,
      function: by.function,
      authority: by.authority,
    },
  });
  const answer = await app.authority.run({
    do: 'grant',
    grant: {
      id,
      client: client.id,
      version: 1,
      status: 'active',
      systems: sample.systems,
      purposes: sample.purposes,
      operations: sample.operations,
      people,
      from,
      until,
      upstreamAccount: undefined,
      textHash,
      grantedBy: seated.id,
      grantedAt: now,
    },
    text,
    evidence: { seat: seated.id, role: seated.role, language, ...app.evaluation.sign(textHash) },
  });
  if ('refused' in answer) throw new Error(`the sample agreement was refused: ${answer.refused}`);
}
