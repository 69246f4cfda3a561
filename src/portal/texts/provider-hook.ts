/** Sentences of the page on which the provider's people read how sending to their own webhook goes. */
import type { HookDelivery, providerEvents } from '../../core/hooks.ts';
import type { Text } from '../../core/model.ts';

const told: { readonly [E in (typeof providerEvents)[number]]: Text } = {
  'copy.overdue': {
    en: 'a copy should be gone and nobody says that it is',
    fr: 'une copie devrait avoir disparu et personne ne dit que c’est fait',
  },
  'copy.unanswered': {
    en: 'nobody has said in time where a copy is kept',
    fr: 'personne n’a dit à temps où une copie est conservée',
  },
  'robot.missed': {
    en: 'a robot that was expected did not come',
    fr: 'un robot attendu n’est pas venu',
  },
};

const states: { readonly [S in HookDelivery['state']]: Text } = {
  waiting: { en: 'waits', fr: 'en attente' },
  sent: { en: 'taken', fr: 'accepté' },
  dead: { en: 'given up after five days', fr: 'abandonné après cinq jours' },
  dropped: { en: 'not sent: the webhook was given up', fr: 'non envoyé : le webhook a été abandonné' },
};

export const providerHookTexts = {
  told,
  states,
  title: { en: 'Our webhook', fr: 'Notre webhook' },
  intro: {
    en: 'What your own server is told of every client: copies that are owed and robots that did not come. Address and secret stand in the settings; whoever runs the gateway changes them.',
    fr: 'Ce qui est dit à votre propre serveur, pour tous les clients : copies en souffrance et robots qui ne sont pas venus. L’adresse et le secret figurent dans les paramètres ; la personne qui exploite la passerelle les modifie.',
  },
  none: {
    en: 'None is set: CONSENTRY_PROVIDER_HOOK and CONSENTRY_PROVIDER_HOOK_SECRET name it.',
    fr: 'Aucun n’est défini : CONSENTRY_PROVIDER_HOOK et CONSENTRY_PROVIDER_HOOK_SECRET l’indiquent.',
  },
  never: { en: 'none yet', fr: 'aucun pour l’instant' },
  quiet: { en: 'No message was sent yet.', fr: 'Aucun message n’a encore été envoyé.' },
  well: { en: 'Messages are taken.', fr: 'Les messages sont acceptés.' },
  disabled: (at: string, why: Text): Text => ({
    en: `Given up on ${at}: ${why.en}. Another address begins anew.`,
    fr: `Abandonné le ${at} : ${why.fr}. Une autre adresse recommence à zéro.`,
  }),
  address: {
    en: 'the name is unknown, or leads where nothing may be sent',
    fr: 'le nom est inconnu, ou mène là où rien ne peut être envoyé',
  },
  deliveries: { en: 'Last messages', fr: 'Derniers messages' },
  deliveriesNone: { en: 'No message in the last 30 days.', fr: 'Aucun message ces 30 derniers jours.' },
  client: { en: 'Client', fr: 'Client' },
  what: { en: 'What it says', fr: 'Ce qu’il dit' },
  made: { en: 'Made', fr: 'Créé le' },
  state: { en: 'State', fr: 'État' },
  tries: (count: number): Text => ({
    en: count === 1 ? 'one attempt failed' : `${count} attempts failed`,
    fr: count === 1 ? 'un essai a échoué' : `${count} essais ont échoué`,
  }),
  next: (at: string): Text => ({ en: `next at ${at}`, fr: `prochain essai à ${at}` }),
} as const;
