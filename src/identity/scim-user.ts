/**
 * A directory's user between SCIM (RFC 7643) and what is kept of it: six attributes, whatever else is sent. Values
 * come from outside and are checked here. Pure.
 */
import { type DirectoryUser, namesOf } from '../core/people.ts';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** What is wrong with a request, as SCIM says it (RFC 7644, section 3.12). `detail` quotes no value. */
export class ScimFault extends Error {
  readonly status: number;
  readonly scimType: string | undefined;

  constructor(status: number, scimType: string | undefined, detail: string) {
    super(detail);
    this.status = status;
    this.scimType = scimType;
  }
}

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** The attributes that are kept, as they are sent and answered. */
export type Attributes = Pick<
  DirectoryUser,
  'userName' | 'externalId' | 'displayName' | 'name' | 'emails' | 'active'
>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member whatever the case of its name; null and missing are the same. */
export function member(object: JsonObject, name: string): Json | undefined {
  const wanted = name.toLowerCase();
  for (const [key, value] of Object.entries(object))
    if (key.toLowerCase() === wanted) return value ?? undefined;
  return undefined;
}

/** Reads a whole user. What `active` is when it is not said is the caller's to know. Throws ScimFault. */
export function readUser(body: JsonObject, activeElse: boolean): Attributes {
  const userName = line(member(body, 'userName'), 'userName');
  if (userName === undefined) throw new ScimFault(400, 'invalidValue', 'userName is required');
  const active = member(body, 'active');
  return {
    userName,
    externalId: line(member(body, 'externalId'), 'externalId'),
    displayName: line(member(body, 'displayName'), 'displayName'),
    name: readName(member(body, 'name')),
    emails: readEmails(member(body, 'emails')),
    active: active === undefined ? activeElse : readTruth(active, 'active'),
  };
}

/** Some directories send "True" and "False". */
function readTruth(value: Json, name: string): boolean {
  const word = typeof value === 'string' ? value.toLowerCase() : value;
  if (word === true || word === 'true') return true;
  if (word === false || word === 'false') return false;
  throw new ScimFault(400, 'invalidValue', `${name} must be true or false`);
}

function line(value: Json | undefined, name: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string' || value.length > 500 || /[\p{Cc}\p{Cs}]/u.test(value))
    throw new ScimFault(400, 'invalidValue', `${name} must be a text of one line`);
  return value;
}

function readName(value: Json | undefined): DirectoryUser['name'] {
  if (value === undefined) return {};
  if (!isObject(value)) throw new ScimFault(400, 'invalidValue', 'name must be an object');
  const parts = ['formatted', 'givenName', 'familyName'].flatMap((part) => {
    const said = line(member(value, part), `name.${part}`);
    return said === undefined ? [] : [[part, said]];
  });
  return Object.fromEntries(parts);
}

const mostEmails = 20;

function readEmails(value: Json | undefined): DirectoryUser['emails'] {
  if (value === undefined) return [];
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (list.length > mostEmails) throw new ScimFault(400, 'tooMany', 'too many emails');
  return list.flatMap((one) => {
    if (!isObject(one)) throw new ScimFault(400, 'invalidValue', 'emails must be objects');
    const address = line(member(one, 'value'), 'emails.value');
    if (address === undefined) return [];
    const type = line(member(one, 'type'), 'emails.type');
    const primary = member(one, 'primary');
    return [
      {
        value: address,
        ...(type === undefined ? {} : { type }),
        ...(primary === undefined ? {} : { primary: readTruth(primary, 'emails.primary') }),
      },
    ];
  });
}

/** The attributes as SCIM shows them. */
export function attributesOf(user: Attributes): JsonObject {
  const { userName, externalId, displayName, name, emails, active } = user;
  return {
    ...(externalId === undefined ? {} : { externalId }),
    userName,
    ...(displayName === undefined ? {} : { displayName }),
    ...(Object.keys(name).length === 0 ? {} : { name: { ...name } as JsonObject }),
    ...(emails.length === 0 ? {} : { emails: emails.map((email) => ({ ...email }) as JsonObject) }),
    active,
  };
}

/** A user new to us. */
export function newUser(id: string, attributes: Attributes, now: number): DirectoryUser {
  return { id, ...attributes, deleted: false, names: namesOf(attributes), createdAt: now, changedAt: now };
}

/** The user with other attributes. While it is not active its names only grow; see core/people.ts. */
export function changedUser(before: DirectoryUser, attributes: Attributes, now: number): DirectoryUser {
  const own = namesOf(attributes);
  const names = attributes.active ? own : [...new Set([...before.names, ...own])];
  return { ...before, ...attributes, names, changedAt: now };
}

/** What is left of a deleted user: whom it named, so that they stay out. */
export function deletedUser({ id, names, createdAt }: DirectoryUser, now: number): DirectoryUser {
  const nothing = { userName: '', externalId: undefined, displayName: undefined, name: {}, emails: [] };
  return { id, ...nothing, active: false, deleted: true, names, createdAt, changedAt: now };
}
