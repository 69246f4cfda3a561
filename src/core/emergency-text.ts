/** How an agreement says its emergency clause, in the language in which it is signed. Pure. */
import type { EmergencyClause } from './emergency.ts';
import type { Language } from './model.ts';

/** `names`: the people as they are called; `only`: nobody comes in under the agreement otherwise. One paragraph. */
export function sayClause(
  { minutes, perYear, reviewDays, zone }: EmergencyClause,
  client: string,
  names: string,
  only: boolean,
  language: Language,
): string {
  if (language === 'fr')
    return `En cas d’urgence, quand personne de ${client} ne peut être joint à temps, ${only ? 'et seulement alors, ' : ''}ces personnes, et elles seules, peuvent entrer sans nouvelle réponse, en déclarant l’urgence et sa raison\u202f: ${names}. Chaque accès d’urgence dure ${minutes} minutes au plus, et il y en a ${perYear} au plus par année civile (${zone}). ${client} en est averti aussitôt et examine chacun d’eux dans les ${reviewDays} jours\u202f; passé ce délai, aucune urgence n’est déclarée sous une nouvelle référence tant que l’examen manque.`;
  return `In an emergency, when nobody of ${client} can be reached in time, ${only ? 'and only then, ' : ''}these people and nobody else may come in without another answer, declaring the emergency and its reason: ${names}. Each such access lasts at most ${minutes} minutes, and there are at most ${perYear} in a calendar year (${zone}). ${client} is told at once and reviews each within ${reviewDays} days; after that, no emergency is declared under a new reference as long as the review is missing.`;
}
