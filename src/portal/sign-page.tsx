/** Sends the whole text of a draft, and how whoever wrote it can sign it. */
import type { ComponentProps } from 'preact';
import type { Seated } from './controller.ts';
import type { Draft } from './drafts.ts';
import { SignPage } from './pages/sign-page.tsx';
import { type Framer, sendPage } from './render.tsx';
import { readyToSign } from './signatures.ts';
import type { Visit } from './visit.ts';

export function sendToSign(
  visit: Visit,
  frame: Framer,
  seated: Seated,
  draft: Draft,
  page: Omit<ComponentProps<typeof SignPage>, 'frame' | 'csrf' | 'ready'>,
): void {
  sendPage(
    visit.res,
    <SignPage
      {...page}
      frame={frame(visit, { scripts: ['passkey.js'] })}
      csrf={visit.deps.csrf.token(visit.req)}
      ready={readyToSign(visit, seated, draft)}
    />,
  );
}
