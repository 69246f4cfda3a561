/** What the client handed over for the provider to work with: its register, for whoever acts for the client. */
import type { RegisteredCredential } from '../core/credential.ts';
import type { Client } from '../core/model.ts';
import { startOf } from '../core/policy/instants.ts';
import { seatedOf } from './controller.ts';
import { type CredentialRow, CredentialsPage } from './pages/credentials.tsx';
import { type Framer, sendPage } from './render.tsx';
import type { Visit } from './visit.ts';

/** GET `/credentials`. */
export async function showCredentials(visit: Visit, frame: Framer): Promise<void> {
  const { client } = await seatedOf(visit);
  const found = await visit.deps.archive.credentials(client.id);
  const rows = found.map((one) => rowOf(one, client, visit.now));
  sendPage(visit.res, <CredentialsPage frame={frame(visit)} zone={client.zone} rows={rows} />);
}

function rowOf(one: RegisteredCredential, client: Client, now: number): CredentialRow {
  const { id, system, kind, account, handedOverBy, document, rotateBy, rotatedAt, returnedAt, usedAt } = one;
  const overdue = rotateBy !== undefined && rotateBy <= now;
  return {
    id,
    system: client.systems.get(system)?.name ?? { en: system, fr: system },
    kind,
    account,
    handedOverBy,
    handedOverOn: startOf(one.handedOverOn, client.zone),
    document,
    rotateBy,
    rotatedAt,
    returnedAt,
    usedAt,
    state: returnedAt !== undefined ? 'returned' : overdue ? 'overdue' : 'held',
  };
}
