/** The frame around every page: language, navigation, who is signed in, footer. Pure: props in, markup out. */
import type { ComponentChildren, JSX } from 'preact';
import type { Language } from '../../core/model.ts';
import type { Arrived } from '../arrivals.ts';
import type { LockedOut } from '../code-locks.ts';
import { date, instant, rfc3339 } from '../formats.ts';
import type { Imprint } from '../imprint.ts';
import type { Say } from '../language.ts';
import { texts } from '../texts.ts';

export interface NavItem {
  readonly href: string;
  readonly label: string;
  readonly current: boolean;
}

export interface Frame {
  readonly language: Language;
  readonly say: Say;
  readonly evaluation: boolean;
  readonly imprint: Imprint;
  /** Name and token of whoever is signed in. */
  readonly user: { readonly name: string; readonly csrf: string } | undefined;
  readonly nav: { readonly menu: readonly NavItem[]; readonly more: readonly NavItem[] };
  /** Who arrived and was not seen yet; see arrivals.ts. */
  readonly arrivals?: readonly Arrived[];
  /** Whose codes were guessed at lately; see code-locks.ts. */
  readonly locks?: readonly LockedOut[];
  /** This page's own address, for the language switch; starts with `/`. */
  readonly self: string;
  readonly assets: { readonly style: string; readonly icon: string; readonly scripts: readonly string[] };
}

export interface LayoutProps {
  readonly frame: Frame;
  readonly title: string;
  /** Address to which the page moves on at once. */
  readonly onward?: string;
  /** Where scripts run, a link marked `data-go` is followed instead, with the fragment of this page's own address. */
  readonly scripted?: boolean;
  readonly children?: ComponentChildren;
}

export function Layout({ frame, title, onward, scripted, children }: LayoutProps): JSX.Element {
  const { say, assets } = frame;
  const refresh = onward !== undefined && <meta http-equiv="refresh" content={`0; url=${onward}`} />;
  return (
    <html lang={frame.language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {scripted === true ? <noscript>{refresh}</noscript> : refresh}
        <title>{`${title} – ${say(texts.product)}`}</title>
        <link rel="stylesheet" href={assets.style} />
        <link rel="icon" href={assets.icon} type="image/svg+xml" />
        {assets.scripts.map((script) => (
          <script key={script} type="module" src={script} />
        ))}
      </head>
      <body>
        <a class="skip" href="#content">
          {say(texts.skip)}
        </a>
        <Header frame={frame} />
        <main id="content">
          <Arrivals frame={frame} />
          <Locks frame={frame} />
          <h1>{title}</h1>
          {children}
        </main>
        <Footer frame={frame} />
      </body>
    </html>
  );
}

/** On every page until it was seen, because whoever enrols in somebody's place must not stay unnoticed. */
function Arrivals({ frame }: { readonly frame: Frame }): JSX.Element | null {
  const { say, language, user, arrivals = [], imprint } = frame;
  if (user === undefined || arrivals.length === 0) return null;
  const { arrivedByProvider, arrivedByCode, arrivedNext, arrivedSeen, title } = texts.people;
  return (
    <section class="notice bad" role="status" data-arrivals>
      {arrivals.map(({ name, how, at }) => {
        const when = instant(at, imprint.zone, language);
        return (
          <p key={`${name} ${at}`}>
            {say(how === 'recovery' ? arrivedByCode(name, when) : arrivedByProvider(name, when))}
          </p>
        );
      })}
      <p>
        {say(arrivedNext)} <a href="/people">{say(title)}</a>
      </p>
      <form method="post" action="/people/seen" class="actions">
        <input type="hidden" name="csrf" value={user.csrf} />
        <button class="plain" type="submit">
          {say(arrivedSeen)}
        </button>
      </form>
    </section>
  );
}

/** On every page for two days, because whoever guesses codes must not stay unnoticed. */
function Locks({ frame }: { readonly frame: Frame }): JSX.Element | null {
  const { say, language, locks = [], imprint } = frame;
  if (locks.length === 0) return null;
  return (
    <section class="notice bad" role="status" data-locks>
      {locks.map(({ name, at }) => (
        <p key={`${name} ${at}`}>
          {say(texts.people.codesGuessed(name, instant(at, imprint.zone, language)))}
        </p>
      ))}
      <p>
        {say(texts.people.codesGuessedNext)} <a href="/people">{say(texts.people.title)}</a>
      </p>
    </section>
  );
}

function Header({ frame }: { readonly frame: Frame }): JSX.Element {
  const { say, user, nav } = frame;
  return (
    <header class="top">
      <a class="brand" href="/">
        <span aria-hidden="true" class="mark" />
        {say(texts.product)}
      </a>
      {nav.menu.length > 0 && (
        <nav class="menu" aria-label={say(texts.navigation)}>
          <Items items={nav.menu} />
        </nav>
      )}
      <div class="account">
        <LanguageSwitch frame={frame} />
        {user !== undefined && (
          <details class="mine">
            <summary>
              <span class="unseen">{say(texts.signedInAs)} </span>
              {user.name}
            </summary>
            <div class="drawer">
              {nav.more.length > 0 && (
                <nav aria-label={say(texts.more)}>
                  <Items items={nav.more} />
                </nav>
              )}
              <form method="post" action="/sign-out">
                <input type="hidden" name="csrf" value={user.csrf} />
                <button class="plain" type="submit">
                  {say(texts.signOut)}
                </button>
              </form>
            </div>
          </details>
        )}
      </div>
      {frame.evaluation && <p class="evaluation">{say(texts.evaluation)}</p>}
    </header>
  );
}

function Items({ items }: { readonly items: readonly NavItem[] }): JSX.Element {
  return (
    <ul>
      {items.map((item) => (
        <li key={item.href}>
          <a href={item.href} aria-current={item.current ? 'page' : undefined}>
            {item.label}
          </a>
        </li>
      ))}
    </ul>
  );
}

function LanguageSwitch({ frame }: { readonly frame: Frame }): JSX.Element {
  const names = [
    ['fr', 'Français'],
    ['en', 'English'],
  ] as const;
  return (
    <ul class="languages" aria-label={frame.say(texts.language)}>
      {names.map(([code, name]) => (
        <li key={code}>
          {code === frame.language ? (
            <span aria-current="true" lang={code}>
              {name}
            </span>
          ) : (
            <a href={withLanguage(frame.self, code)} lang={code} hreflang={code}>
              {name}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}

function withLanguage(self: string, language: Language): string {
  const url = new URL(self, 'http://portal.invalid');
  url.searchParams.set('lang', language);
  return `${url.pathname}${url.search}`;
}

function Footer({ frame }: { readonly frame: Frame }): JSX.Element {
  const { say, language } = frame;
  const { organisation, contact, dpo, rulesChangedAt, zone } = frame.imprint;
  return (
    <footer class="bottom">
      <p>{say(texts.footer)}</p>
      <dl>
        <div>
          <dt>{say(texts.contact)}</dt>
          <dd>
            {contact.name}, <a href={`mailto:${contact.mail}`}>{contact.mail}</a>
          </dd>
        </div>
        <div>
          <dt>{say(texts.dpo)}</dt>
          <dd>
            {dpo.name}, <a href={`mailto:${dpo.mail}`}>{dpo.mail}</a>
          </dd>
        </div>
        <div>
          <dt>{organisation}</dt>
          <dd>{dpo.postal}</dd>
        </div>
        {rulesChangedAt !== undefined && (
          <div>
            <dt>{say(texts.rulesChanged)}</dt>
            <dd>
              <time dateTime={rfc3339(rulesChangedAt)}>{date(rulesChangedAt, zone, language)}</time>
            </dd>
          </div>
        )}
      </dl>
    </footer>
  );
}
