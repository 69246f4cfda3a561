/**
 * *What this proves and what it does not*, in ten sentences: the page, and the note that lies in each export. What a note says
 * is part of what is checked, so that nobody can put other promises into an export.
 */
import type { Language, Text } from './model.ts';

/** Ten at most, together; each that promises something is bound in test/portal/protections.test.ts. */
export const provesSentences: {
  readonly [P in 'proves' | 'needs' | 'unseen']: readonly Text[];
} = {
  proves: [
    {
      en: 'Each access through Consentry was written down before it happened: who, why, and under which of your agreements.',
      fr: 'Chaque accès par Consentry a été inscrit avant d’avoir lieu : qui, pourquoi, et selon lequel de vos accords.',
    },
    {
      en: 'A line that is changed, left out or put in afterwards makes the check fail.',
      fr: 'Une ligne modifiée, retirée ou ajoutée après coup fait échouer la vérification.',
    },
    {
      en: 'The check tests the signature of each agreement, and finds any access that no signed agreement covers.',
      fr: 'La vérification contrôle la signature de chaque accord, et trouve tout accès qu’aucun accord signé ne couvre.',
    },
    {
      en: 'Names that were erased are gone from it; their lines stay and can still be checked.',
      fr: 'Les noms effacés n’y figurent plus ; leurs lignes restent et se vérifient toujours.',
    },
  ],
  needs: [
    {
      en: 'It proves this against your provider as well if you keep the key and a state of the record somewhere that is not theirs.',
      fr: 'Cela vaut aussi face à votre prestataire si vous gardez la clé et un état du registre ailleurs que chez lui.',
    },
    {
      en: 'Without a state that you kept, a provider who holds the keys could show you another record that fits together.',
      fr: 'Sans état que vous ayez gardé, un prestataire qui détient les clés pourrait vous montrer un autre registre cohérent.',
    },
  ],
  unseen: [
    {
      en: 'It does not see systems that are not behind Consentry, nor a door to them that was left open beside it.',
      fr: 'Cela ne voit ni les systèmes qui ne sont pas derrière Consentry, ni une porte laissée ouverte à côté de lui.',
    },
    {
      en: 'It does not see what a technician did with what they saw: remembered, noted, photographed or passed on.',
      fr: 'Cela ne voit pas ce qu’un technicien a fait de ce qu’il a vu : retenu, noté, photographié ou transmis.',
    },
    {
      en: 'It tells which pages were asked for and what came of it, not what stood on them.',
      fr: 'Cela dit quelles pages ont été demandées et ce qu’il en fut, non ce qui y figurait.',
    },
    {
      en: 'It knows people by their sign-in: if somebody let another work under theirs, it names the one who signed in.',
      fr: 'Cela connaît les personnes par leur connexion : si l’une a laissé travailler une autre sous la sienne, c’est celle qui s’est connectée qui est nommée.',
    },
  ],
};

export const provesTitle: Text = {
  en: 'What this proves and what it does not',
  fr: 'Ce que cela prouve et ce que cela ne prouve pas',
};

export const provesHeadings: { readonly [P in keyof typeof provesSentences]: Text } = {
  proves: { en: 'What it proves', fr: 'Ce que cela prouve' },
  needs: { en: 'What it needs from you', fr: 'Ce qu’il faut de votre part' },
  unseen: { en: 'What it does not see', fr: 'Ce que cela ne voit pas' },
};

/** Below the portal's address. */
export const provesPath = '/take-away/proves';

const notes: { readonly [path: string]: Language } = { 'README.txt': 'en', 'LISEZMOI.txt': 'fr' };

const seeAlso: Text = {
  en: 'This page, with the key, the state to keep and how to check:',
  fr: 'Cette page, avec la clé, l’état à garder et la façon de vérifier :',
};

/** The notes of an export, by path. `origin`: the name of one part of the log, which begins with the portal's host. */
export function provesNotes(origin: string): readonly (readonly [path: string, text: string])[] {
  return Object.entries(notes).map(([path, language]) => [path, noteIn(language, origin)]);
}

function noteIn(language: Language, origin: string): string {
  const parts = (['proves', 'needs', 'unseen'] as const).map((part) =>
    [
      provesHeadings[part][language],
      ...provesSentences[part].map((sentence) => `- ${sentence[language]}`),
    ].join('\n'),
  );
  const [host = ''] = origin.split('/');
  const link = `${seeAlso[language]}\nhttps://${host}${provesPath}`;
  return `${[provesTitle[language], ...parts, link].join('\n\n')}\n`;
}
