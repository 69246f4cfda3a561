/**
 * One account is one person in one role: nobody is both staff and controller, and in production not even one
 * identity provider serves both, since whoever runs it could sign in as either.
 */
import { accountKey } from '../model.ts';
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
  readonly subject: string;
  readonly serves: 'staff' | 'controllers';
}

/** Adds a fault for each account that stands twice, each issuer nobody serves, and each one that serves too much. */
export function checkAccounts(files: Files, rules: AccountRules, complaints: Complaints): void {
  checkProviders(files, rules, complaints);
  const seen = new Map<string, Bearer>();
  for (const bearer of bearersIn(files)) {
    const key = accountKey(bearer.issuer, bearer.subject);
    const other = seen.get(key);
    if (other !== undefined)
      complaints.add(bearer.file, [...bearer.path, 'subject'], saidTwice(bearer, other));
    else seen.set(key, bearer);
    checkIssuer(files, bearer, complaints);
  }
}

function saidTwice(bearer: Bearer, other: Bearer): string {
  const where = whereIs(other.file, other.path);
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
    for (const [id, { issuer, subject }] of Object.entries(staff.content.people)) {
      found.push({ file: staff, path: ['people', id], issuer, subject, serves: 'staff' });
    }
    for (const [id, { issuer, subject }] of Object.entries(staff.content.users)) {
      found.push({ file: staff, path: ['users', id], issuer, subject, serves: 'staff' });
    }
  }
  for (const file of files.clients.values()) {
    for (const [id, { issuer, subject }] of Object.entries(file?.content.controllers ?? {})) {
      if (file !== undefined)
        found.push({ file, path: ['controllers', id], issuer, subject, serves: 'controllers' });
    }
  }
  return found;
}
