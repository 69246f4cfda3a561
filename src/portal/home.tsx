/** GET `/`: each kind of person starts where their work is. */
import type { JSX } from 'preact';
import { showDesk } from './desk.tsx';
import { waitingMatters } from './matter-tasks.ts';
import { showNow } from './now.tsx';
import { type Frame, Layout } from './pages/layout.tsx';
import { type MatterCard, MattersWaiting } from './pages/matters.tsx';
import { showProposing } from './proposing.tsx';
import { type Framer, sendPage } from './render.tsx';

import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

export async function showHome(visit: Visit, frame: Framer): Promise<void> {
  switch (visit.signedIn.who.kind) {
    case 'technician':
      return showDesk(visit, frame);
    case 'controller':
      return showNow(visit, frame);
    case 'provider-user':
      if (visit.role === 'contact') return showProposing(visit, frame);
      return sendPage(
        visit.res,
        <ProviderUserPage frame={frame(visit)} matters={await waitingMatters(visit)} />,
      );
  }
}

function ProviderUserPage(props: {
  readonly frame: Frame;
  readonly matters: readonly MatterCard[];
}): JSX.Element {
  const { frame, matters } = props;
  return (
    <Layout frame={frame} title={frame.say(texts.providerUser.title)}>
      <p class="lead">{frame.say(texts.providerUser.text)}</p>
      <MattersWaiting frame={frame} cards={matters} />
    </Layout>
  );
}
