/**
 * Errors one can switch on. Refusals are values (see reasons.ts); a fault is when we could not do our work.
 * The public answer comes from the table here, never from a message or a cause.
 */
import type { Text } from './model.ts';

export type FaultCode =
  | 'ledger_unavailable'
  | 'ledger_rollback_detected'
  | 'ledger_conflict'
  | 'contract_over'
  | 'policy_changed'
  | 'sessions_unavailable'
  | 'identity_provider_unavailable'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_malformed'
  | 'credential_unavailable'
  | 'credential_refused'
  | 'overloaded'
  | 'internal';

export class Fault extends Error {
  readonly code: FaultCode;

  constructor(code: FaultCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.code = code;
  }
}

/** HTTP status, whether trying again can help (seconds), and the sentence for people, per fault. */
export const faultAnswers: {
  readonly [C in FaultCode]: { readonly status: number; readonly retryAfter?: number; readonly text: Text };
} = {
  ledger_unavailable: {
    status: 503,
    retryAfter: 5,
    text: {
      en: 'The access log cannot be written right now, so nothing was forwarded. Try again in a few seconds; if it lasts, tell your administrator.',
      fr: 'Le journal des accès ne peut pas être écrit en ce moment : rien n’a été transmis. Réessayez dans quelques secondes ; si cela dure, prévenez votre administrateur.',
    },
  },
  ledger_rollback_detected: {
    status: 503,
    text: {
      en: 'The access log of this client is older than what was already signed. Access is closed until an administrator has examined it.',
      fr: 'Le journal des accès de ce client est plus ancien que ce qui a déjà été signé. L’accès est fermé jusqu’à l’examen par un administrateur.',
    },
  },
  ledger_conflict: {
    status: 409,
    text: {
      en: 'Something changed in the meantime. Reload the page and look again before you decide.',
      fr: 'Quelque chose a changé entre-temps. Rechargez la page et vérifiez avant de décider.',
    },
  },
  contract_over: {
    status: 409,
    text: {
      en: 'The contract is over, so nothing new is agreed to, asked for or opened. The page “End of the contract” tells what is still open. The contract goes on only when client and provider say so.',
      fr: 'Le contrat est terminé : plus rien n’est accordé, demandé ni ouvert. La page « Fin du contrat » indique ce qui reste à faire. Le contrat ne reprend que si le client et le prestataire le disent.',
    },
  },
  policy_changed: {
    status: 503,
    retryAfter: 1,
    text: {
      en: 'The rules changed at this very moment, and nothing was forwarded. Try again.',
      fr: 'Les règles ont changé à cet instant précis : rien n’a été transmis. Réessayez.',
    },
  },
  sessions_unavailable: {
    status: 503,
    retryAfter: 5,
    text: {
      en: 'Signing in is not possible right now. Work already open goes on. Try again in a few seconds.',
      fr: 'La connexion est impossible pour le moment. Les accès déjà ouverts continuent. Réessayez dans quelques secondes.',
    },
  },
  identity_provider_unavailable: {
    status: 503,
    retryAfter: 10,
    text: {
      en: 'The sign-in service does not answer. Try again in a moment; if it lasts, tell your administrator.',
      fr: 'Le service de connexion ne répond pas. Réessayez dans un instant ; si cela dure, prévenez votre administrateur.',
    },
  },
  upstream_unreachable: {
    status: 502,
    text: {
      en: 'The client’s system did not answer. The attempt is in the log. Check that the system is running, then try again.',
      fr: 'Le système du client n’a pas répondu. La tentative figure au journal. Vérifiez que le système fonctionne, puis réessayez.',
    },
  },
  upstream_timeout: {
    status: 504,
    text: {
      en: 'The client’s system took too long to answer. The attempt is in the log. Try again later.',
      fr: 'Le système du client a mis trop de temps à répondre. La tentative figure au journal. Réessayez plus tard.',
    },
  },
  upstream_malformed: {
    status: 502,
    text: {
      en: 'The client’s system sent an answer that is not valid HTTP. The attempt is in the log. Tell the people who run that system.',
      fr: 'Le système du client a envoyé une réponse HTTP invalide. La tentative figure au journal. Prévenez les responsables de ce système.',
    },
  },
  credential_unavailable: {
    status: 503,
    text: {
      en: 'The credential that the client handed over for this system is not there or cannot be used, so nothing was forwarded. Tell your administrator.',
      fr: 'L’identifiant que le client a confié pour ce système est absent ou inutilisable : rien n’a été transmis. Prévenez votre administrateur.',
    },
  },
  credential_refused: {
    status: 502,
    text: {
      en: 'The client’s system did not accept the credential that the client handed over. The attempt is in the log. Tell your administrator: the client has to hand over a valid one.',
      fr: 'Le système du client n’a pas accepté l’identifiant que le client a confié. La tentative figure au journal. Prévenez votre administrateur : le client doit en confier un valable.',
    },
  },
  overloaded: {
    status: 503,
    retryAfter: 2,
    text: {
      en: 'Too much at once. Try again in a few seconds.',
      fr: 'Trop de demandes à la fois. Réessayez dans quelques secondes.',
    },
  },
  internal: {
    status: 500,
    text: {
      en: 'Something went wrong on our side. Nothing more was forwarded. Give the request id to your administrator.',
      fr: 'Une erreur est survenue de notre côté. Rien de plus n’a été transmis. Donnez le numéro de requête à votre administrateur.',
    },
  },
};
