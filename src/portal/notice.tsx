/**
 * The portal's look for pages that other rooms answer with (sign-in, sign-out, refused forms): the composition root
 * hands this renderer over, so that a person meets one product.
 */
import type { Request } from 'express';
import { renderToString } from 'preact-render-to-string';
import type { Language, Text } from '../core/model.ts';
import { loadAssets } from './assets.ts';
import { type ImprintDeps, imprintOf } from './imprint.ts';
import { sayIn } from './language.ts';
import { type Frame, Layout } from './pages/layout.tsx';
import { Hidden } from './pages/parts.tsx';
import { PasskeyForm } from './pages/passkey-form.tsx';
import { texts } from './texts.ts';

/** Something to tell a person, as the other rooms describe it. */
export interface PortalNotice {
  readonly code: string;
  readonly status: number;
  readonly title: Text;
  readonly lines: readonly Text[];
  readonly links?: readonly { readonly href: string; readonly label: Text }[];
  readonly passkey?: string;
  readonly paste?: string;
  readonly onward?: string;
}

/** Makes the renderer: notice and language in, the whole document out. Reads the assets once. */
export function createNoticeRenderer(
  deps: {
    readonly evaluation: boolean;
  } & ImprintDeps,
): (notice: PortalNotice, language: Language, req: Request) => string {
  const { paths } = loadAssets();
  return (notice, language, req) => {
    const say = sayIn(language);
    const frame: Frame = {
      language,
      say,
      evaluation: deps.evaluation,
      imprint: imprintOf(deps, undefined),
      user: undefined,
      nav: { menu: [], more: [] },
      self: req.method === 'GET' ? req.originalUrl : '/',
      assets: {
        style: paths['portal.css'],
        icon: paths['icon.svg'],
        scripts: [paths['page.js'], ...(notice.passkey === undefined ? [] : [paths['passkey.js']])],
      },
    };
    return `<!doctype html>${renderToString(<NoticePage frame={frame} notice={notice} />)}`;
  };
}

function NoticePage({ frame, notice }: { readonly frame: Frame; readonly notice: PortalNotice }) {
  const { say } = frame;
  const { lines, links = [], passkey, paste, onward } = notice;
  return (
    <Layout frame={frame} title={say(notice.title)} {...(onward === undefined ? {} : { onward })}>
      {lines.map((line) => (
        <p key={line.en}>{say(line)}</p>
      ))}
      {paste !== undefined && <pre class="paste">{paste}</pre>}
      {passkey !== undefined && (
        <PasskeyForm frame={frame} ceremony="enter" csrf="" act={say(texts.controller.signInPasskey)}>
          <Hidden values={{ return: passkey }} />
        </PasskeyForm>
      )}
      {passkey !== undefined && (
        <p>
          <a href="/recover">{say(texts.recovery.title)}</a>
        </p>
      )}
      {links.length > 0 && (
        <p class="actions">
          {links.map(({ href, label }) => (
            <a key={href} class="button" href={href}>
              {say(label)}
            </a>
          ))}
        </p>
      )}
      {notice.status >= 400 && (
        <p class="quiet">
          {say(texts.code)} <code>{notice.code}</code>
        </p>
      )}
    </Layout>
  );
}
