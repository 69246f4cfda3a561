/** GET `/`: each kind of person starts where their work is. */
import { showDesk } from './desk.tsx';
import { showNow } from './now.tsx';
import { showProposing } from './proposing.tsx';
import { showOpenAcross } from './provider-open.tsx';
import type { Framer } from './render.tsx';
import type { Visit } from './visit.ts';

export async function showHome(visit: Visit, frame: Framer): Promise<void> {
  switch (visit.signedIn.who.kind) {
    case 'technician':
      return showDesk(visit, frame);
    case 'several':
      return visit.res.redirect(303, '/clients');
    case 'controller':
      return showNow(visit, frame);
    case 'provider-user':
      if (visit.role === 'contact') return showProposing(visit, frame);
      return showOpenAcross(visit, frame);
  }
}
