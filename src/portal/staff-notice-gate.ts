/** What waits until the version of the notice to staff that is in force was read: everything but looking, closing and reading it. */
import type { Person, Snapshot } from '../core/model.ts';
import type { PortalDeps } from './deps.ts';
import type { ActName } from './roles.ts';

/** What a technician may do before having read it: look, close, and read it. */
const before: ReadonlySet<ActName> = new Set<ActName>([
  ...(['staffNotice', 'staffNoticeRead', 'home', 'record', 'requests', 'request'] as const),
  ...(['opening', 'openingClose'] as const),
]);

/** Whether this act waits until the person has read the version in force. */
export function waitsForNotice(
  { people }: Pick<PortalDeps, 'people'>,
  { notice }: Pick<Snapshot, 'notice'>,
  person: Pick<Person, 'id'>,
  act: ActName,
): boolean {
  return notice !== undefined && !before.has(act) && !people.hasRead(person.id, notice.version);
}

/** Where it is read; `back` is where the person wanted to go. */
export function noticeAddress(back: string): string {
  return `/staff-notice?${new URLSearchParams({ back })}`;
}
