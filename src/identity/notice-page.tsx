/**
 * The plain page on which a notice is shown. A pure function; everything is escaped by the renderer. It needs no
 * script, and no style to be understood.
 */
import { render } from 'preact-render-to-string';
import type { Language, Text } from '../core/model.ts';
import type { Notice } from './answer.ts';
import { stylePath } from './notice-style.ts';

/** The whole document, doctype included. */
export function noticePage(notice: Notice, language: Language): string {
  return `<!doctype html>${render(<Page notice={notice} language={language} />)}`;
}

function Page({ notice, language }: { readonly notice: Notice; readonly language: Language }) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        {notice.onward === undefined ? null : (
          <meta http-equiv="refresh" content={`0;url=${notice.onward}`} />
        )}
        <title>{`${say(notice.title, language)} – Consentry`}</title>
        <link rel="stylesheet" href={stylePath} />
      </head>
      <body>
        <main>
          <p class="brand">Consentry</p>
          <h1>{say(notice.title, language)}</h1>
          {notice.lines.map((line) => (
            <p key={line.en}>{say(line, language)}</p>
          ))}
          {notice.paste === undefined ? null : <pre>{notice.paste}</pre>}
          <Links notice={notice} language={language} />
          {notice.status < 400 ? null : (
            <p class="code">
              <code>{notice.code}</code>
            </p>
          )}
        </main>
      </body>
    </html>
  );
}

/** French wants narrow no-break spaces before its double punctuation; the texts are written with plain ones. */
function say(text: Text, language: Language): string {
  return language === 'fr' ? text.fr.replace(/ (?=[;:!?»])/g, '\u202f').replace(/« /g, '«\u202f') : text.en;
}

function Links({ notice, language }: { readonly notice: Notice; readonly language: Language }) {
  if (!notice.links?.length) return null;
  return (
    <ul class="actions">
      {notice.links.map((link) => (
        <li key={link.href}>
          <a class="button" href={link.href}>
            {say(link.label, language)}
          </a>
        </li>
      ))}
    </ul>
  );
}
