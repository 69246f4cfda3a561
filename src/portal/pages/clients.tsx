/** For whom somebody wants to act now. */
import type { JSX } from 'preact';
import type { ControllerRole } from '../../core/model.ts';
import { controllerRoleTexts } from '../texts/everywhere.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

const words = texts.clients;

export function ClientsPage(props: {
  readonly frame: Frame;
  readonly clients: readonly { readonly id: string; readonly name: string; readonly role: ControllerRole }[];
}): JSX.Element {
  const { frame, clients } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <ul class="tiles spaced">
        {clients.map(({ id, name, role }) => (
          <li key={id} class="tile">
            <h2>
              <a href={`/c/${id}/`}>{name}</a>
            </h2>
            <p class="quiet">{say(controllerRoleTexts[role])}</p>
          </li>
        ))}
      </ul>
    </Layout>
  );
}
