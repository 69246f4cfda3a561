/**
 * The pages of the sample backup server and the backups they show, in French and English.
 */
import type { Language, Text } from '../core/model.ts';
import { day, renderPage } from './page.tsx';

export interface Backup {
  readonly id: string;
  readonly day: string;
  readonly mebibytes: number;
}

export const BACKUPS: readonly Backup[] = [
  { id: 'b-0301', day: '2026-03-01', mebibytes: 48 },
  { id: 'b-0308', day: '2026-03-08', mebibytes: 52 },
  { id: 'b-0315', day: '2026-03-15', mebibytes: 55 },
];

const SHELL: Text = { en: 'Shell', fr: 'Terminal' };
const TITLE: Text = { en: 'Backups', fr: 'Sauvegardes' };

function backupPage(
  language: Language,
  content: Parameters<typeof renderPage>[1],
  title: Text = TITLE,
): string {
  const menu = [
    ['/backups', TITLE],
    ['/shell', SHELL],
  ] as const;
  return renderPage({ language, application: 'Silo Backup', title: title[language], menu }, content);
}

const CLOSED: Text = {
  en: '[the terminal is closed: it needs a purpose under which one may change things, such as Restore]',
  fr: '[le terminal est fermé : il demande une finalité qui permet de modifier, comme Restauration]',
};
const LINE: Text = {
  en: 'Command (help lists them)',
  fr: 'Commande (help en donne la liste)',
};

export function shellPage(language: Language): string {
  return backupPage(
    language,
    <>
      <pre class="screen" id="screen" data-closed={CLOSED[language]} aria-live="polite" />
      <form class="sheet" id="line">
        <label>
          {LINE[language]}
          <input name="text" autocomplete="off" autofocus />
        </label>
        <button type="submit">{{ en: 'Send', fr: 'Envoyer' }[language]}</button>
      </form>
      <script type="module" src="/static/shell.js" />
    </>,
    SHELL,
  );
}

export function missingPage(language: Language): string {
  return backupPage(language, <p>{{ en: 'Not found.', fr: 'Introuvable.' }[language]}</p>);
}

export function backupsPage(language: Language, restored: string | undefined): string {
  const known = BACKUPS.find((backup) => backup.id === restored);
  return backupPage(
    language,
    <>
      {known && (
        <p class="done">
          {{ en: `Restore of ${known.id} started.`, fr: `Restauration de ${known.id} lancée.` }[language]}
        </p>
      )}
      <table>
        <tbody>
          {BACKUPS.map((backup) => (
            <tr key={backup.id}>
              <td>{backup.id}</td>
              <td>{day(backup.day, language)}</td>
              <td class="number">{`${backup.mebibytes} ${{ en: 'MB', fr: 'Mo' }[language]}`}</td>
              <td>
                <a href={`/backups/${backup.id}/archive`}>
                  {{ en: 'Download', fr: 'Télécharger' }[language]}
                </a>
              </td>
              <td>
                <form method="post" action={`/backups/${backup.id}/restore`}>
                  <button type="submit">{{ en: 'Restore', fr: 'Restaurer' }[language]}</button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>,
  );
}
