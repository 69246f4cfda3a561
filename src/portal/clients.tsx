/** The clients that somebody acts for, to choose from: theirs and no others, and nothing of any of them on one page. */
import type { ControllerUser } from '../core/model.ts';
import { ClientsPage } from './pages/clients.tsx';
import { type Framer, sendPage } from './render.tsx';
import type { Visit } from './visit.ts';

/** GET `/clients`. */
export function showClients(visit: Visit, frame: Framer): void {
  const { who } = visit.signedIn;
  const mine = who.kind === 'several' ? who.controllers : [];
  const clients = mine.flatMap(({ client, role }: ControllerUser) => {
    const named = visit.snapshot.clients.get(client);
    return named === undefined ? [] : [{ id: client, name: named.name, role }];
  });
  sendPage(visit.res, <ClientsPage frame={frame(visit)} clients={clients} />);
}
