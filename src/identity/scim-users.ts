/**
 * The directory's users as SCIM requests read and change them. Every change is in force and recorded when it is
 * answered; whom it takes out is cut before that.
 */
import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Person, ProviderUser, Snapshot } from '../core/model.ts';
import { type DirectoryUser, isNamed, namesOut } from '../core/people.ts';
import type { Clock } from '../core/ports.ts';
import type { Log } from '../log.ts';
import { patched, readFilter } from './scim-patch.ts';
import { listOf, mostResults, send } from './scim-schemas.ts';
import {
  attributesOf,
  changedUser,
  deletedUser,
  isObject,
  type Json,
  type JsonObject,
  newUser,
  readUser,
  ScimFault,
  userSchema,
} from './scim-user.ts';

export interface ScimOptions {
  /** The secret of the directory, at least 32 characters. */
  readonly token: string;
  readonly portalUrl: URL;
  readonly people: {
    current(): Snapshot;
    readonly directory: ReadonlyMap<string, DirectoryUser>;
    learn(users: readonly DirectoryUser[], forgotten: readonly string[]): Promise<void>;
  };
  /** Ends everything these have open, and their sign-ins; in force when it is called, recorded when it resolves. */
  readonly out: (staff: readonly (Person | ProviderUser)[]) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const mostUsers = 50_000;

/** One function per request. Each throws ScimFault, or Fault when it cannot be recorded. */
export function createUsers(options: ScimOptions, base: string) {
  const { people, clock } = options;
  /** User names that are being created, so that two at a time do not make two. */
  const arriving = new Set<string>();

  const visible = () => [...people.directory.values()].filter(({ deleted }) => !deleted);

  function find(id: string): DirectoryUser {
    const user = people.directory.get(id);
    if (user === undefined || user.deleted) throw new ScimFault(404, undefined, 'there is no such user');
    return user;
  }

  function checkFree(userName: string, own: string | undefined): void {
    const wanted = userName.toLowerCase();
    const taken = visible().some((user) => user.id !== own && user.userName.toLowerCase() === wanted);
    if (taken || arriving.has(wanted))
      throw new ScimFault(409, 'uniqueness', 'another user has this userName');
  }

  /** In force and recorded when it resolves. Whoever is out is out from the first line on. */
  async function change(user: DirectoryUser): Promise<void> {
    const { users, forgotten } = user.active ? lifted(user) : { users: [], forgotten: [] };
    const recorded = people.learn([user, ...users], forgotten);
    const { people: staff, users: others } = people.current();
    const out = namesOut([user]);
    const gone = [...staff.values(), ...others.values()].filter((entry) => isNamed(entry, out));
    await Promise.all([recorded, gone.length === 0 ? undefined : options.out(gone)]);
    options.log.info('directory_changed', { outcome: user.active ? 'active' : 'out' });
  }

  /** Deleted users whose names come back with this one: they name these no longer. */
  function lifted(user: DirectoryUser): { users: DirectoryUser[]; forgotten: string[] } {
    const users: DirectoryUser[] = [];
    const forgotten: string[] = [];
    for (const gone of people.directory.values()) {
      if (!gone.deleted || !gone.names.some((name) => user.names.includes(name))) continue;
      const names = gone.names.filter((name) => !user.names.includes(name));
      if (names.length === 0) forgotten.push(gone.id);
      else users.push({ ...gone, names });
    }
    return { users, forgotten };
  }

  function shown(user: DirectoryUser, req: Request): JsonObject {
    const location = `${base}/Users/${user.id}`;
    const whole: JsonObject = {
      schemas: [userSchema],
      id: user.id,
      ...attributesOf(user),
      meta: {
        resourceType: 'User',
        created: new Date(user.createdAt).toISOString(),
        lastModified: new Date(user.changedAt).toISOString(),
        location,
      },
    };
    return projected(whole, words(req.query.attributes), words(req.query.excludedAttributes));
  }

  async function create(req: Request, res: Response): Promise<void> {
    const attributes = readUser(bodyOf(req), true);
    checkFree(attributes.userName, undefined);
    if (people.directory.size >= mostUsers) throw new ScimFault(400, 'tooMany', 'there are too many users');
    const user = newUser(randomBytes(16).toString('base64url'), attributes, clock.now());
    const name = attributes.userName.toLowerCase();
    arriving.add(name);
    try {
      await change(user);
    } finally {
      arriving.delete(name);
    }
    res.location(`${base}/Users/${user.id}`);
    send(res, 201, shown(user, req));
  }

  async function update(req: Request, res: Response, before: DirectoryUser, body: JsonObject): Promise<void> {
    const attributes = readUser(body, before.active);
    checkFree(attributes.userName, before.id);
    const user = changedUser(before, attributes, clock.now());
    await change(user);
    send(res, 200, shown(user, req));
  }

  return {
    create,
    show: (req: Request, res: Response, id: string) => send(res, 200, shown(find(id), req)),
    list(req: Request, res: Response): void {
      const filter = typeof req.query.filter === 'string' ? readFilter(req.query.filter) : undefined;
      const found = visible()
        .filter((user) => filter === undefined || matches(user, filter))
        .sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
      const start = Math.max(1, whole(req.query.startIndex, 1));
      const count = Math.min(Math.max(0, whole(req.query.count, 100)), mostResults);
      const page = found.slice(start - 1, start - 1 + count).map((user) => shown(user, req));
      send(res, 200, listOf(page, start, found.length));
    },
    replace: (req: Request, res: Response, id: string) => update(req, res, find(id), bodyOf(req)),
    patch: (req: Request, res: Response, id: string) => {
      const before = find(id);
      return update(req, res, before, patched(attributesOf(before), bodyOf(req)));
    },
    async remove(res: Response, id: string): Promise<void> {
      await change(deletedUser(find(id), clock.now()));
      res.status(204).end();
    },
  };
}

function bodyOf(req: Request): JsonObject {
  const body: unknown = req.body;
  if (isObject(body)) return body;
  throw new ScimFault(400, 'invalidSyntax', 'the body must be a JSON object');
}

/** The attributes that can be asked for. `externalId` and `id` are exact, the others without regard to case. */
function matches(user: DirectoryUser, filter: { readonly name: string; readonly value: Json }): boolean {
  const name = filter.name.toLowerCase().replace(`${userSchema.toLowerCase()}:`, '');
  const { value } = filter;
  const folded = typeof value === 'string' ? value.toLowerCase() : undefined;
  switch (name) {
    case 'id':
      return user.id === value;
    case 'externalid':
      return user.externalId === value;
    case 'active':
      return user.active === value;
    case 'username':
      return user.userName.toLowerCase() === folded;
    case 'displayname':
      return user.displayName !== undefined && user.displayName.toLowerCase() === folded;
    case 'emails':
    case 'emails.value':
      return user.emails.some((email) => email.value.toLowerCase() === folded);
    default:
      throw new ScimFault(400, 'invalidFilter', 'this attribute cannot be filtered by');
  }
}

/** Names in `attributes` or `excludedAttributes`, in small letters, without parts. */
function words(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return value
    .split(',')
    .map((word) => word.trim().toLowerCase().replace(`${userSchema.toLowerCase()}:`, ''));
}

function projected(
  user: JsonObject,
  wanted: readonly string[] | undefined,
  unwanted: readonly string[] | undefined,
): JsonObject {
  if (wanted === undefined && unwanted === undefined) return user;
  const isShown = (name: string): boolean => {
    if (name === 'id' || name === 'schemas') return true;
    const folded = name.toLowerCase();
    if (wanted !== undefined) return wanted.some((word) => word === folded || word.startsWith(`${folded}.`));
    return unwanted?.includes(folded) !== true;
  };
  return Object.fromEntries(Object.entries(user).filter(([name]) => isShown(name)));
}

function whole(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (typeof value !== 'string' || !/^-?\d{1,9}$/.test(value))
    throw new ScimFault(400, 'invalidValue', 'startIndex and count must be whole numbers');
  return Number(value);
}
