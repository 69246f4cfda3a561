/** Assignments of the staff file, which name clients or tags of clients, and the clients that each of them reaches. */
import type { ClientFile, StaffFile } from './schemas.ts';

export type SharedAssignment = StaffFile['assignments'][number];

/** Those that reach this client; nothing else about others is in the answer. */
export function sharedAssignments(
  client: string,
  { tags }: Pick<ClientFile, 'tags'>,
  staff: StaffFile | undefined,
): readonly SharedAssignment[] {
  return (staff?.assignments ?? []).filter(({ clients }) =>
    clients.some((name) => reaches(name, client, tags)),
  );
}

const TAG = 'tag:';

/** Whether a client's id or `tag:<tag>` means this client. */
export function reaches(name: string, client: string, tags: readonly string[]): boolean {
  return name.startsWith(TAG) ? tags.includes(name.slice(TAG.length)) : name === client;
}
