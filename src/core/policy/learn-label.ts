/**
 * What a learned route is called until somebody finds a better name: the last word of its path, and what it does with
 * it, in both languages.
 */
import type { Text } from '../model.ts';

const deeds = {
  read: { en: 'one entry', fr: 'une fiche' },
  write: { en: 'change', fr: 'modification' },
  copy: { en: 'download', fr: 'téléchargement' },
  socket: { en: 'live link', fr: 'liaison continue' },
} as const;

/** The label of a template, given by its segments. */
export function learnedLabel(segments: readonly string[], deed: keyof typeof deeds): Text {
  const words = segments.map(readable).filter((word) => word !== '');
  const name = words.at(-1);
  const isWhole = deed === 'read' && !(segments.at(-1) ?? '').startsWith(':');
  const { en, fr } = deeds[deed];
  if (name === undefined)
    return isWhole ? { en: 'Start page', fr: 'Page d’accueil' } : { en: capital(en), fr: capital(fr) };
  if (isWhole) return { en: name, fr: name };
  return { en: `${name}: ${en}`, fr: `${name}\u00a0: ${fr}` };
}

/** A segment as a word: without its extension and its hyphens; nothing of wildcards. */
function readable(segment: string): string {
  if (segment.startsWith(':') || segment.startsWith('*')) return '';
  return capital(
    segment
      .replace(/\.[a-z0-9]{1,5}$/i, '')
      .replaceAll(/[^A-Za-z0-9]+/g, ' ')
      .trim(),
  );
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
