/** The text that agrees to what was asked, as it is kept until it is signed. */
import type { Delegation } from '../core/delegations.ts';
import { writeGrantText } from '../core/grant-text.ts';
import type { Text } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';
import type { ConsentRequest } from '../core/requests.ts';
import { type AgreementScope, offerOf, wordsOf } from './agreement-form.ts';
import { accountsIn, textWords } from './agreements.tsx';
import type { Seated } from './controller.ts';
import { instant } from './formats.ts';
import { authorityOf } from './frame-of.ts';
import type { AgreementDraft } from './memory.ts';
import { personName } from './person-name.ts';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

interface Agreed {
  readonly scope: Pick<AgreementScope, 'systems' | 'operations' | 'from' | 'until' | 'firstUse'>;
  readonly answers: NonNullable<AgreementDraft['answers']>;
  /** What was asked beside an access of that kind. */
  readonly more?: Text;
  /** The frame in which a delegate agrees. */
  readonly within: Delegation | undefined;
}

/** A text of its own each time. */
export function draftOf(
  visit: Visit,
  seated: Seated,
  request: ConsentRequest,
  { answers, more, within, ...agreed }: Agreed,
): AgreementDraft {
  const { client } = seated;
  const { snapshot, language, say, now } = visit;
  const scope = {
    ...agreed.scope,
    ...{ purposes: [request.purpose], people: [termOf(client, request.person)] },
  };
  const person = personName(visit, client, request.person);
  const when = instant(request.raisedAt, client.zone, language);
  const asked = say(texts.requests.asked(person, when, request.reference));
  const { accounts, upstreamAccount } = accountsIn(visit, scope.systems, client);
  const terms = {
    ...{ id: visit.deps.random(16).toString('base64url'), client: client.id, language, ...scope, answers },
    ...(within === undefined ? {} : { delegation: within.id }),
  };
  const { text, textHash } = writeGrantText({
    ...terms,
    version: 1,
    words: {
      ...textWords(visit, seated),
      ...(within === undefined ? {} : { authority: authorityOf(visit, seated, within) }),
      ...wordsOf(scope, offerOf(client, snapshot, say, now), client.zone, language, say),
      ...{ people: person, asked: more === undefined ? asked : `${asked}${say(more)}`, ...accounts },
    },
  });
  return { ...terms, text, textHash, upstreamAccount };
}
