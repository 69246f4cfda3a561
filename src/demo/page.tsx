/**
 * The frame of every page of the sample systems, in French and English. Rendered by preact, so that text is
 * escaped by default; no inline script or style.
 */
import type { ComponentChildren } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { Language, Text } from '../core/model.ts';

export interface Frame {
  readonly language: Language;
  /** Name of the application, shown in the header and in the window's title. */
  readonly application: string;
  readonly title: string;
  readonly menu: readonly (readonly [href: string, label: Text])[];
}

const FICTIONAL: Text = {
  en: 'Sample application with fictional data.',
  fr: 'Application d’exemple, données fictives.',
};

/** A whole HTML document as text. */
export function renderPage(frame: Frame, content: ComponentChildren): string {
  return `<!doctype html>${renderToString(<Document frame={frame}>{content}</Document>)}`;
}

function Document({ frame, children }: { frame: Frame; children: ComponentChildren }) {
  const { language, application, title, menu } = frame;
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{`${title} – ${application}`}</title>
        <link rel="icon" href="/static/icon.svg" />
        <link rel="stylesheet" href="/static/style.css" />
      </head>
      <body>
        <header>
          <strong>
            <img src="/static/icon.svg" alt="" />
            {application}
          </strong>
          <nav>
            {menu.map(([href, label]) => (
              <a key={href} href={href}>
                {label[language]}
              </a>
            ))}
          </nav>
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>{FICTIONAL[language]}</footer>
      </body>
    </html>
  );
}

/** An amount in euro cents as people of that language write it. */
export function euros(cents: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(cents / 100);
}

/** A calendar day `YYYY-MM-DD` as people of that language write it. */
export function day(iso: string, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${iso}T00:00:00Z`),
  );
}
