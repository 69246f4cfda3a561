/**
 * One account is one person in one role, except for different clients, and every person has one, by its subject or by the mail address that will find it: nobody is both staff and controller, and in production not even one
 * identity provider serves both, since whoever runs it could sign in as either.
 */
import { accountKey } from '../model.ts';
import { subjectOf } from './build-robots.ts';
import { type Complaints, whereIs } from './complaints.ts';
import type { Files } from './gather.ts';
import type { ParsedFile } from './parse.ts';

export interface AccountRules {
  readonly evaluation: boolean;
  readonly production: boolean;
}

interface Bearer {
  readonly file: ParsedFile<unknown>;
  readonly path: readonly PropertyKey[];
  readonly issuer: string;
  /** Undefined for staff that is named by a mail address. */
  readonly subject: string | undefined;
  readonly mail: string | undefined;
  readonly serves: 'staff' | 'controllers';
}

/** Adds a fault for each account that stands twice, each issuer nobody serves, and each one that serves too much. */
export function checkAccounts(files: Files, rules: AccountRules, complaints: Complaints): void {
  checkProviders(files, rules, complaints);
  const seen = new Map<string, Bearer[]>();
  for (const bearer of bearersIn(files)) {
    checkNamed(bearer, complaints);
    const field = bearer.subject === undefined ? 'mail' : 'subject';
    const key = keyOf(bearer);
    const known = seen.get(key) ?? [];
    const other = known.find((one) => !isElsewhere(one, bearer));
    if (other !== undefined) complaints.add(bearer.file, [...bearer.path, field], saidTwice(bearer, other));
    else seen.set(key, [...known, bearer]);
    checkIssuer(files, bearer, complaints);
  }
}

/** Whoever acts for one client may act for another with the same account, such as a data protection officer of several. */
function isElsewhere(one: Bearer, other: Bearer): boolean {
  return one.serves === 'controllers' && other.serves === 'controllers' && one.file !== other.file;
}

/** Neither would be nobody, and both could be two people. */
function checkNamed({ file, path, subject, mail }: Bearer, complaints: Complaints): void {
  if (subject !== undefined && mail !== undefined)
    complaints.add(file, [...path, 'mail'], 'either subject or mail, not both');
  if (subject === undefined && mail === undefined)
    complaints.add(file, path, 'needs a subject, or a mail address that is bound at the first sign-in');
}

/** Subjects cannot hold a line feed, so none is taken for a mail address. */
function keyOf({ issuer, subject, mail, path }: Bearer): string {
  if (subject !== undefined) return accountKey(issuer, subject);
  return mail === undefined ? path.join('\n') : accountKey(issuer, `mail\n${mail.toLowerCase()}`);
}

function saidTwice(bearer: Bearer, other: Bearer): string {
  const where = whereIs(other.file, other.path);
  if (bearer.subject === undefined) return `this mail address already stands at ${where}`;
  if (bearer.serves === other.serves) return `this account already stands at ${where}`;
  return `this account is both staff and controller; it also stands at ${where}`;
}

function checkIssuer({ identity }: Files, bearer: Bearer, complaints: Complaints): void {
  if (identity === undefined) return;
  const providers = Object.values(identity.content.providers);
  if (providers.some(({ issuer, serves }) => issuer === bearer.issuer && serves.includes(bearer.serves)))
    return;
  const message = `no provider in identity.yaml with this issuer serves ${bearer.serves}`;
  complaints.add(bearer.file, [...bearer.path, 'issuer'], message);
}

function checkProviders(
  { identity }: Files,
  { evaluation, production }: AccountRules,
  complaints: Complaints,
): void {
  if (identity === undefined) return;
  const seen = new Map<string, string>();
  for (const [id, { issuer, serves }] of Object.entries(identity.content.providers)) {
    const path = ['providers', id, 'issuer'];
    const other = seen.get(issuer);
    if (other !== undefined) complaints.add(identity, path, `the provider "${other}" has the same issuer`);
    seen.set(issuer, other ?? id);
    if (!evaluation && !issuer.startsWith('https://'))
      complaints.add(identity, path, 'an issuer must be https');
    if (production && serves.includes('staff') && serves.includes('controllers')) {
      complaints.add(
        identity,
        ['providers', id, 'serves'],
        'one issuer must not serve both staff and controllers',
      );
    }
  }
}

function bearersIn(files: Files): readonly Bearer[] {
  const found: Bearer[] = [];
  const { staff } = files;
  if (staff !== undefined) {
    for (const kind of ['people', 'users'] as const) {
      for (const [id, { issuer, subject, mail }] of Object.entries(staff.content[kind])) {
        found.push({ file: staff, path: [kind, id], issuer, subject, mail, serves: 'staff' });
      }
    }
    for (const [id, robot] of Object.entries(staff.content.robots)) {
      const told = { issuer: robot.issuer, subject: subjectOf(robot), mail: undefined };
      found.push({ file: staff, path: ['robots', id], ...told, serves: 'staff' });
    }
  }
  for (const file of files.clients.values()) {
    for (const [id, { issuer, subject }] of Object.entries(file?.content.controllers ?? {})) {
      if (file !== undefined && issuer !== undefined && subject !== undefined)
        found.push({
          file,
          path: ['controllers', id],
          issuer,
          subject,
          mail: undefined,
          serves: 'controllers',
        });
    }
  }
  return found;
}
