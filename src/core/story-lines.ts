/**
 * What each kind of line must say: the fields a verifier relies on, with their types. Lines may say more; a missing
 * or mistyped field, or an unknown kind, is a fault. Pure.
 */
import type { EntryKind, LeafFields } from './entries.ts';

type FieldType = 'string' | 'number';

const common: Readonly<Record<string, FieldType>> = {
  v: 'number',
  t: 'string',
  id: 'string',
  at: 'string',
  node: 'string',
  boot: 'string',
  n: 'number',
};

const strings = (...names: string[]): Record<string, FieldType> =>
  Object.fromEntries(names.map((name) => [name, 'string' as const]));
const numbers = (...names: string[]): Record<string, FieldType> =>
  Object.fromEntries(names.map((name) => [name, 'number' as const]));

const intent = {
  ...strings('session', 'system', 'grant', 'method', 'operation', 'dest', 'policy'),
  ...numbers('epoch'),
};
const evidence = {
  ...strings('seat', 'role', 'method'),
  ...strings('signature', 'authenticator_data', 'client_data', 'language'),
};
const statusChange = strings('grant', 'by');

/** Fields beside the common ones, per kind. */
export const lineFields: { readonly [K in EntryKind]: Readonly<Record<string, FieldType>> } = {
  'log.opened': {},
  'log.closed': strings('next'),
  'node.started': {},
  'node.stopped': numbers('last'),
  'policy.activated': strings('policy', 'summary'),
  'controller.nominated': strings('authority'),
  'controller.seated': strings('seat', 'role', 'method', 'credential', 'key', 'authority', 'via'),
  'controller.removed': strings('seat'),
  'controller.confirmed': strings('seat', 'confirmer'),
  'controller.recovery': strings('seat'),
  'consent.granted': {
    ...strings('systems', 'purposes', 'operations', 'from', 'until', 'text'),
    ...evidence,
    ...numbers('version'),
  },
  'consent.suspended': statusChange,
  'consent.resumed': { ...statusChange, ...strings('seat') },
  'consent.revoked': statusChange,
  'consent.expired': statusChange,
  'consent.requested': {
    ...strings('systems', 'purpose', 'operations', 'until', 'commit_person', 'commit_work'),
    ...numbers('minutes'),
  },
  'consent.asked': strings('request', 'seat'),
  'consent.answered': strings('request'),
  'consent.reminded': { ...strings('request'), ...numbers('count') },
  // About a request, a proposal or a signature that was waited for, which the story looks up.
  'consent.refused': strings('seat'),
  'consent.lapsed': {},
  'consent.signed': { ...strings('grant', 'as'), ...evidence },
  'consent.rule': { ...strings('rule', 'wish', 'step', 'text'), ...evidence },
  'consent.proposed': {
    ...strings('template', 'systems', 'purposes', 'operations', 'until', 'by'),
    ...numbers('days'),
  },
  'instructions.set': {
    ...strings(
      'text',
      'seat',
      'role',
      'method',
      'signature',
      'authenticator_data',
      'client_data',
      'language',
    ),
    ...numbers('version'),
  },
  'delegation.granted': {
    ...strings('delegate', 'systems', 'purposes', 'operations', 'hours', 'from', 'until', 'text'),
    ...strings('seat', 'role', 'method', 'signature', 'authenticator_data', 'client_data', 'language'),
    ...numbers('minutes'),
  },
  'delegation.revoked': strings('delegation', 'seat'),
  // About an access or, in a contest, a consent; the story looks at who opened it and when an answer is due.
  'matter.opened': strings('what', 'role', 'actor', 'commit_work'),
  'matter.answered': strings('matter', 'by', 'role', 'commit_work'),
  'matter.closed': strings('matter', 'seat', 'role', 'actor', 'commit_work'),
  'staff.bound': strings('actor'),
  'connection.created': strings('connection', 'seat', 'role', 'scopes', 'expires', 'commit_work'),
  'connection.used': strings('connection', 'seat'),
  'connection.revoked': strings('connection', 'seat', 'role'),
  'hook.added': strings('hook', 'seat', 'role', 'events', 'commit_work'),
  'hook.removed': strings('hook', 'seat', 'role'),
  'credential.recorded': strings('credential', 'system', 'kind'),
  'credential.rotated': strings('credential', 'system', 'kind'),
  'credential.returned': strings('credential', 'system', 'secret'),
  'session.opened': strings('systems', 'purpose', 'operations', 'grant', 'policy', 'ends', 'actor'),
  'session.extended': { ...strings('session', 'grant', 'operations', 'ends'), ...numbers('minutes') },
  'session.closed': {
    ...strings('session', 'cause'),
    ...numbers('cut_ms', 'exchanges', 'refused', 'statics'),
  },
  'emergency.reviewed': strings('session', 'seat', 'role', 'outcome', 'commit_work'),
  'copy.registered': {
    ...strings(
      'request',
      'session',
      'system',
      'purpose',
      'policy',
      'destroy_by',
      'answer_by',
      'type',
      'actor',
    ),
    ...numbers('keep_days', 'grace_days', 'status'),
  },
  'copy.kept': { ...strings('session', 'actor', 'commit_work'), ...numbers('copies') },
  'copy.destroyed': strings('request', 'session', 'by', 'role', 'how', 'done', 'actor', 'commit_work'),
  'session.corrected': strings('session', 'what', 'actor', 'commit_work'),
  'session.declared': strings('session', 'ended', 'actor', 'commit_work'),
  'access.intent': intent,
  'access.static': intent,
  'access.progress': strings('session'),
  'access.result': {
    ...strings('request', 'shard', 'outcome', 'type', 'disposition'),
    ...numbers('intent', 'status', 'up', 'down', 'ms'),
  },
  'access.refused': { ...strings('session', 'reason'), ...numbers('count') },
  'drill.ran': strings('drill', 'step', 'seat', 'role'),
  'bypass.checked': strings('system', 'place', 'result', 'upstream', 'claim', 'checked'),
  'robot.missed': strings('robot', 'system', 'from', 'latest'),
  'ending.set': { ...strings('text'), ...evidence, ...numbers('version') },
  'ending.began': { ...strings('cause', 'since', 'policy'), ...numbers('grants') },
  'ending.lifted': strings('ending', 'policy'),
  'ending.notified': strings('ending', 'what', 'from', 'by', 'role', 'actor', 'commit_work'),
  'ending.certified': {
    ...strings('ending', 'text', 'statement', 'choice', 'hosted', 'kept_until', 'by', 'role', 'actor'),
    ...numbers('destroyed', 'returned'),
  },
  'log.read': {},
  heartbeat: numbers('anonymous', 'live'),
};

export function isKind(kind: unknown): kind is EntryKind {
  return typeof kind === 'string' && Object.hasOwn(lineFields, kind);
}

/** Undefined when the line says what its kind must say; otherwise the first thing it does not. */
export function lineFault(leaf: LeafFields): string | undefined {
  const kind = leaf.t;
  if (!isKind(kind)) return 'its kind is unknown';
  for (const [name, type] of Object.entries({ ...common, ...lineFields[kind] })) {
    if (typeof leaf[name] !== type) return `it does not say ${name}`;
  }
  return leaf.v === 1 ? undefined : 'its version is unknown';
}

/** The parts of a field that lists them with spaces. */
export const list = (value: unknown): readonly string[] => String(value).split(' ').filter(Boolean);

/** Whether something is named, and nothing that the other list does not name. */
export function within(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one));
}

/** Text order is time order only for this one form. */
export function isTime(text: string): boolean {
  const at = Date.parse(text);
  return !Number.isNaN(at) && new Date(at).toISOString() === text;
}

/** What a consent is after a line about it. */
export const statusOf = {
  'consent.suspended': 'suspended',
  'consent.resumed': 'active',
  'consent.revoked': 'revoked',
  'consent.expired': 'expired',
} as const;
