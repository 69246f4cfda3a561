/**
 * What the product says about protection, and what enforces it: each sentence is bound to a criterion of the decision,
 * which is broken here and must then refuse, or to the test that shows the mechanism. A sentence of this kind that
 * nobody bound fails, in English; the French one stands in the same pair.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { decide } from '../../src/core/decide.ts';
import { type GrantTerms, writeGrantText } from '../../src/core/grant-text.ts';
import type { Language } from '../../src/core/model.ts';
import type { CriterionName } from '../../src/core/question.ts';
import { type Reason, reasonAnswers } from '../../src/core/reasons.ts';
import { refusalTexts } from '../../src/portal/texts/refusals.ts';
import { texts } from '../../src/portal/texts.ts';
import { ask, breaks, passing, robotBreaks } from '../core/decide-world.ts';

/** A criterion, and the reason it refuses with. */
interface ByCriterion {
  readonly sentence: string;
  readonly criterion: CriterionName;
  readonly reason: Reason;
}

/** What is not a criterion: the test that shows it, by file and title. */
interface ByTest {
  readonly sentence: string;
  readonly file: string;
  readonly title: string;
}

const byCriterion: readonly ByCriterion[] = [
  row('Nobody enters your systems without an agreement', 'grant', 'no_consent'),
  row('You can withdraw one at any time', 'grant', 'consent_revoked'),
  row('Nobody enters under it until you resume it', 'grant', 'consent_suspended'),
  row('Client data is only opened from places of work in the European Union', 'place', 'place_outside_eu'),
  row('Only people listed in the staff file, within their dates, may work here', 'person', 'not_employee'),
  row('Outside providers are established and work in the European Union', 'provider', 'provider_outside_eu'),
  row('The client is consulted before any outside provider comes in', 'provider', 'consultation_pending'),
  row(
    'Nothing may be opened before the contract starts or after it ends',
    'contract',
    'contract_not_in_force',
  ),
  row('Your function may not declare this purpose', 'function', 'role_not_allowed'),
  row('Tests stay off production systems', 'environment', 'prod_data_for_test'),
  row('tests stay off production systems', 'environment', 'prod_data_for_test'),
  row('This purpose only reads', 'operation', 'write_not_granted'),
  row('Only for these purposes, each declared before every access', 'grant', 'consent_scope'),
  row('Only these people', 'grant', 'consent_scope'),
  row('They may not ', 'operation', 'write_not_granted'),
  row('This agreement holds from', 'grant', 'consent_expired'),
  row('It can be withdrawn or suspended at any time', 'grant', 'consent_suspended'),
  row('Only the people ticked here', 'grant', 'consent_scope'),
  row('This purpose may not take copies', 'operation', 'copy_not_granted'),
  row('What you declare decides what will pass', 'operation', 'write_not_granted'),
  row('people will be able to enter', 'grant', 'consent_expired'),
  row('nobody will be able to enter under this agreement', 'grant', 'no_consent'),
  row(' can ', 'function', 'role_not_allowed'),
  row(', but not ', 'operation', 'write_not_granted'),
  row('your instructions forbid copies', 'instructions', 'instruction_condition'),
  row('Only people of the staff file, within their dates', 'person', 'not_employee'),
  row('A stronger or fresher sign-in is demanded', 'authentication', 'authentication_too_weak'),
  row('The declared place of work is one of', 'place', 'place_outside_eu'),
  row('Only with valid training in security and data protection', 'standing', 'training_expired'),
  row('may only be declared by the functions it is meant for', 'function', 'role_not_allowed'),
  row('Only people assigned to your systems', 'assignment', 'not_assigned'),
  row('Of other providers, only people of these', 'provider', 'consultation_pending'),
  row('Nobody of another provider enters', 'provider', 'consultation_pending'),
  row('Nobody enters without an agreement that you signed', 'grant', 'no_consent'),
  row('Nobody enters without an agreement that your people gave', 'grant', 'no_consent'),
  row('Only while the contract is in force', 'contract', 'contract_not_in_force'),
  row('Only for these purposes, declared before any access', 'grant', 'consent_scope'),
  row('Only within their hours', 'purpose', 'outside_hours'),
  row('An access lasts at most', 'limits', 'limit_reached'),
  row('forbid what does not fit them, at once', 'instructions', 'instruction_condition'),
  row('Test purposes never reach your production systems', 'environment', 'prod_data_for_test'),
  row('Reading is all that passes', 'operation', 'write_not_granted'),
  row('Copies and downloads are never allowed', 'instructions', 'instruction_no_copy'),
  row('No copies or downloads, whatever an agreement says', 'instructions', 'instruction_no_copy'),
  row('Nobody else than these people', 'instructions', 'instruction_people'),
  row('the people ticked here and nobody else', 'instructions', 'instruction_people'),
  row('Only on ', 'instructions', 'instruction_hours'),
  row('In an emergency, when nobody of yours', 'grant', 'consent_scope'),
  row('Only during the hours set for it', 'purpose', 'outside_hours'),
  row('Each access ends by itself', 'limits', 'limit_reached'),
  row('It is used once', 'grant', 'consent_expired'),
  row('beyond that nothing until the next one begins', 'limits', 'budget_spent'),
  row('Nobody else enters under this agreement', 'grant', 'consent_scope'),
  row('whoever it takes off can no longer enter', 'assignment', 'not_assigned'),
  row('adds to a team concerned count as well', 'grant', 'consent_scope'),
  row('is meant too, but cannot enter today', 'standing', 'charter_not_signed'),
  row('Named for an emergency and able to enter today', 'grant', 'consent_scope'),
  row('is named for an emergency, but could not enter today', 'standing', 'charter_not_signed'),
  row('only under an agreement that names them', 'grant', 'consent_scope'),
  row('Nobody answers for this robot any more', 'person', 'robot_unattended'),
  row('nobody answers for this robot any more', 'person', 'robot_unattended'),
  row('nobody enters before they are put into service', 'contract', 'client_preparing'),
  row('From then on nobody of the provider is let in', 'contract', 'contract_not_in_force'),
  row('After it nobody is let in, and every agreement is suspended', 'contract', 'contract_not_in_force'),
  row('The contract is over. Nobody is let in', 'contract', 'client_ended'),
  row('After the last day nobody is let in', 'contract', 'contract_not_in_force'),
];

const byTest: readonly ByTest[] = [
  shown(
    'Each copy must be gone',
    'stores/ledger-copy-limits',
    'copies under an agreement that says %i days are kept %i',
  ),
  shown(
    'Signing a machine out closes what it opened, at once',
    'portal/command-line',
    'signing out, on the page or by the command, closes what that command line opened',
  ),
  shown(
    'Nobody is let in, and every agreement is suspended',
    'stores/ledger-endings',
    'every agreement rests, and nobody is let in or asked',
  ),
  shown(
    'Nobody is let in any more, and every agreement is suspended',
    'stores/ledger-endings',
    'every agreement rests, and nobody is let in or asked',
  ),
  shown(
    'Only what the law of the Union or of a Member State obliges you to keep is kept',
    'stores/ledger-endings',
    'tells what left and what became of it, and is proved by the export',
  ),
  shown('Your provider is told at once', 'core/notices', 'the end of the contract, to everybody who sits'),
  shown(
    'Nothing of the client is erased without a formal notice of at least 21 calendar days',
    'stores/ledger-endings',
    'is given after the end, at least 21 calendar days ahead',
  ),
  shown(
    'Data counts as deleted only after its notice of 21 calendar days has run',
    'stores/ledger-endings',
    'says that hosted data was deleted only after its notice has run',
  ),
  shown(
    'Once a copy is overdue beyond its grace, or nobody has said where it is, you get no new copies',
    'stores/ledger-copies',
    'overdue ones, once their grace is over; gone, they pass again',
  ),
  shown(
    'It is recorded under your name in the client’s log and cannot be taken back',
    'stores/ledger-copies',
    'is said once, by whoever took it or the contact, at a time that can be',
  ),
  shown('Nobody lends a robot their own sign-in', 'gateway/robots', 'a token that is not the robot’s own'),
  shown('The declaration cannot be taken', 'gateway/robots', 'a declaration that says too little'),
  shown(
    'The agreement is suspended, what is running under it is cut, and everybody',
    'portal/contests',
    'suspends what would break the law, ends what runs, and reads on',
  ),
  shown(
    'Only a representative of the client answers it and resumes the agreement',
    'portal/contests',
    'see on their first pages what a technician contested; they can write and not end it',
  ),
  shown(
    'Until you have answered, the agreement cannot be resumed',
    'stores/ledger-contests',
    'answers, and only then is the agreement resumed, by a representative alone',
  ),
  shown(
    'It ends at once, for good',
    'portal/contests',
    'withdraws: the agreement ends, then the contest; a second click changes nothing',
  ),
  shown('it works only at the systems of this access', 'gateway/tools', 'at another system it opens nothing'),
  shown(
    'The credential works only at the systems of its access',
    'gateway/tools',
    'at another system it opens',
  ),
  shown(
    'and only a mark of it is kept',
    'gateway/tools',
    'it lies in no file and in nothing that is printed',
  ),
  shown('sent a credential that nobody was given', 'gateway/tools', 'strangers are asked for one'),
  shown('A message names nobody', 'core/hooks', 'names nobody, no note and no path of a system'),
  shown(
    'the server gave no answer, or may not be reached from here',
    'portal/hook-sender',
    'a name that leads to %s',
  ),
  shown(
    'Only the server is shown later',
    'portal/hooks',
    'is added by a representative; its secret is on that page and nowhere else',
  ),
  shown(
    'was written down before it happened',
    'gateway/ordering',
    'every request of 10,000 finds its committed intent',
  ),
  shown(
    'changed, left out or put in afterwards makes the check fail',
    'core/verify',
    'any one flipped bit in any stored byte is found',
  ),
  shown('tests the signature of each agreement, and finds any access', 'core/verify', 'a forged signature'),
  shown('Names that were erased are gone from it', 'core/verify', 'a removed disclosure is erased'),
  shown(
    'against your provider as well if you keep the key and a state',
    'core/verify',
    'a rewritten line fails against the head noted',
  ),
  shown(
    'could show you another record that fits together',
    'core/verify',
    'the same lines signed again pass',
  ),
  shown(
    'In an emergency, when nobody of A can be reached in time, and only then, these people and nobody else',
    'core/emergency',
    'those it names, in an emergency and not otherwise',
  ),
  shown(
    'there are at most 4 in a calendar year',
    'stores/ledger-emergencies',
    'of three at once for the last two of the year, two are written',
  ),
  shown(
    'A is told at once and reviews each within 7 days; after that, no emergency is declared under a new reference',
    'stores/ledger-emergencies',
    'is late after its days: another reference waits for it, the same goes on',
  ),
  shown(
    'For the case that nobody on your side can be reached in time',
    'portal/emergencies',
    'an agreement for emergencies only',
  ),
  shown(
    'Emergency: nobody of the client can be reached in time',
    'portal/emergencies',
    'with the clause she is inside within three minutes',
  ),
  shown(
    'The client is told at once, reads your reason',
    'portal/emergencies',
    'every user of the client sees it first',
  ),
  shown(
    'because nobody of yours could be reached in time',
    'portal/emergencies',
    'every user of the client sees it first',
  ),
  shown('An emergency: nobody of yours was asked', 'core/worth-a-look', 'an emergency'),
  shown(
    'nobody, except in an emergency',
    'core/emergency',
    'those it names, in an emergency and not otherwise',
  ),
  shown(
    'no emergency is declared until it is reviewed',
    'stores/ledger-emergencies',
    'is late after its days: another reference waits for it, the same goes on',
  ),
  shown(
    'Where copies are not permitted, downloads',
    'core/release',
    'no more than the threshold passes unseen',
  ),
  shown(
    'Every request that reaches your systems from here is recorded before it happens',
    'gateway/ordering',
    'every request of 10,000 finds its committed intent',
  ),
  shown(
    'only in this browser',
    'identity/mail-sign-in',
    'cannot use a code again, nor after ten minutes, nor in another browser',
  ),
  shown(
    'only in the browser that asked for it',
    'identity/mail-sign-in',
    'cannot use a code again, nor after ten minutes, nor in another browser',
  ),
  shown(
    'which your own check names',
    'stores/ledger-totp',
    'counts where the client’s file accepts it, carries no signature, and the client’s check says so',
  ),
  shown('Any of your people stops everything that runs', 'gateway/stop-causes', 'a reader stops it'),
  shown(
    'the people who work never see it',
    'gateway/credentials',
    'the secret is in no answer, file, export or output',
  ),
  shown(
    'It holds for all of them at once and narrows what they allow',
    'gateway/stop-causes',
    'the client’s own instructions end what no longer fits them',
  ),
  shown(
    'An access that no longer fits them is cut at once',
    'gateway/stop-causes',
    'the client’s own instructions end what no longer fits them',
  ),
  shown(
    'is recorded before it happens',
    'gateway/ordering',
    'every request of 10,000 finds its committed intent',
  ),
  shown(
    'is cut at once',
    'gateway/stop',
    'revoking the agreement cuts what runs under it and refuses what comes',
  ),
  shown('what is running is then cut', 'gateway/stop', 'revoking the agreement cuts what runs under it'),
  shown('Ends every open access at once', 'gateway/stop', 'a large download dies, also at a slow reader'),
  shown(
    'The access stays blocked',
    'portal/agreements',
    'when it cannot be recorded it is still blocked here',
  ),
  shown(
    'whoever is removed is signed out at once',
    'stores/ledger-seats',
    'ends seats, invitations and sign-ins at once',
  ),
  shown(
    'a representative removes them at once',
    'stores/ledger-seats',
    'ends seats, invitations and sign-ins at once',
  ),
  shown('Five wrong codes end the invitation', 'stores/ledger-seats', 'ends with the fifth wrong code'),
  shown(
    'nothing is agreed before that',
    'portal/agreements',
    'a text that changed since it was read cannot be signed',
  ),
  shown(
    'in production only your own passkey signs',
    'portal/agreements',
    'evaluation signing exists in evaluation mode only',
  ),
  shown(
    'Nobody opened one of your systems',
    'portal/now',
    'names what nobody opened, and what it cannot see',
  ),
  shown('Through Consentry nobody opened', 'portal/now', 'names what nobody opened, and what it cannot see'),
  shown(
    'withdraws what the delegate agreed to within it and is not over; what runs is cut',
    'portal/frames',
    'ends what was agreed to within it, and shows both as ended',
  ),
  shown(
    'within what follows and never beyond it',
    'stores/ledger-delegations',
    'gives nothing that answers no request or is for more than one use',
  ),
  shown(
    'They give no standing agreement',
    'portal/substitutes',
    'gives nothing that stands, and names nobody',
  ),
  shown(
    'A substitute gives no standing agreement',
    'portal/substitutes',
    'gives nothing that stands, and names nobody',
  ),
  shown('It ends by itself', 'portal/substitutes', 'ends by itself'),
  shown('looked at cannot be told', 'portal/report', 'name days, systems and purposes, and nobody'),
  shown(
    'it gives no agreement',
    'portal/api',
    'withdrawing is done once, and nothing gives an agreement back',
  ),
  shown('none of it was passed on', 'core/release', 'no more than the threshold passes unseen'),
];

/** What speaks about the page, the moment or the person who reads, and promises nothing. */
const promisesNothing: readonly string[] = [
  'copies nobody has said in time where they are kept',
  'a copy should be gone and nobody says that it is',
  'nobody has said in time where a copy is kept',
  'Meant to be closed to other ways',
  'It has named nobody to call',
  'only emergencies',
  'Nobody sits as a delegate yet',
  'Your account may not do this',
  'It cannot be seen right now',
  'The message cannot be read',
  'Requests that only read',
  'The same access, the same reference',
  'Nobody opened one of your systems',
  'The overview cannot be shown',
  'Through Consentry nobody opened',
  'It cannot be mended again',
  'Nobody has an access open',
  'Nobody confirms themselves',
  'No code at hand?',
  'Note them now, on paper',
  'The message cannot be read',
  'The overview cannot be shown at the moment',
  'The access log cannot be written right now',
  'Only this access',
  'Only a representative of the client decides. You can add something',
  'Key held by the gateway, for evaluation only',
  'This request cannot be handled safely',
  'Too many requests at once',
  'too many requests at once',
  'nobody was signed in',
  'Only if you started this yourself',
];

function row(sentence: string, criterion: CriterionName, reason: Reason): ByCriterion {
  return { sentence, criterion, reason };
}

function shown(sentence: string, file: string, title: string): ByTest {
  return { sentence, file, title };
}

const protective =
  /\b(only|never|nobody|no one|may not|must not|at once|immediate|before it happens|European Union|stays? off|stays? blocked|without an agreement|at any time|is cut|cannot be)\b/i;

function gather(value: unknown, found: string[]): void {
  if (typeof value === 'function') {
    const filled = Array.from({ length: value.length }, (_, n) => (n === 0 ? '1' : { en: '1', fr: '1' }));
    try {
      gather(value(...filled), found);
    } catch {
      gather(value(...Array.from({ length: value.length }, () => 1)), found);
    }
  } else if (typeof value === 'object' && value !== null) {
    if ('en' in value && typeof value.en === 'string') found.push(value.en);
    else for (const inner of Object.values(value)) gather(inner, found);
  }
}

function agreement(language: Language): readonly string[] {
  const words = {
    ...{ client: 'A', provider: 'B', contact: 'C', people: 'D', from: 'E', until: 'F' },
    ...{ systems: ['S'], purposes: ['P'], author: 'G', function: 'H', authority: 'I' },
  };
  const terms: GrantTerms = {
    ...{ id: 'g', version: 1, language, client: 'a', systems: ['s'], purposes: ['p'], operations: ['read'] },
    ...{ people: ['assigned'], from: 0, until: 1, words },
  };
  const emergency = { people: ['d'], minutes: 60, perYear: 4, reviewDays: 7, zone: 'UTC' };
  const urgent = { ...terms, people: [], emergency, words: { ...words, inEmergency: 'D' } };
  return [...writeGrantText(terms).sentences, ...writeGrantText(urgent).sentences];
}

const said: string[] = [];
gather(texts, said);
gather(reasonAnswers, said);
gather(refusalTexts, said);
said.push(...agreement('en'));

describe('a sentence about protection', () => {
  test('is bound to what enforces it, or says nothing about protection', () => {
    const bound = [...byCriterion, ...byTest].map(({ sentence }) => sentence);
    const known = [...bound, ...promisesNothing];
    const loose = said.filter(
      (one) => protective.test(one) && one !== 'never' && !known.some((sentence) => one.includes(sentence)),
    );
    expect(loose).toEqual([]);
  });

  test('whatever it says: each sentence of what an agreement will allow is bound to a criterion', () => {
    const foreseen: string[] = [];
    gather(texts.foresight.said, foreseen);
    expect(foreseen.length).toBe(Object.keys(texts.foresight.said).length);
    const unbound = foreseen.filter((one) => !byCriterion.some(({ sentence }) => one.includes(sentence)));
    expect(unbound).toEqual([]);
  });

  test('what the fact sheet says is bound, all of it; its limits promise nothing', () => {
    const sentences: string[] = [];
    const { outside, screens, ...measures } = texts.factSheet.said;
    gather(measures, sentences);
    expect(sentences.length).toBe(Object.keys(measures).length);
    const bound = [...byCriterion, ...byTest].map(({ sentence }) => sentence);
    expect(sentences.filter((one) => !bound.some((sentence) => one.includes(sentence)))).toEqual([]);
    expect([screens.en, outside({ en: 'x', fr: 'x' }).en].filter((one) => protective.test(one))).toEqual([]);
  });

  test('what an export proves is bound, all of it, in at most ten sentences; what it does not see promises nothing', () => {
    const { proves, needs, unseen } = texts.proves.said;
    const bound = [...byCriterion, ...byTest].map(({ sentence }) => sentence);
    const promised = [...proves, ...needs].map(({ en }) => en);
    expect(promised.filter((one) => !bound.some((sentence) => one.includes(sentence)))).toEqual([]);
    expect(unseen.filter(({ en }) => protective.test(en))).toEqual([]);
    const all = [...proves, ...needs, ...unseen];
    expect(all.length).toBeLessThanOrEqual(10);
    for (const { en, fr } of all)
      for (const one of [en, fr]) expect(one.match(/[.!?](\s|$)/g)).toHaveLength(1);
  });

  test.each([...byCriterion, ...byTest].map(({ sentence }) => sentence).concat(promisesNothing))(
    'is still said: %s',
    (sentence) => {
      expect(said.some((one) => one.includes(sentence))).toBe(true);
    },
  );

  test.each(byCriterion)('"$sentence" is enforced by $criterion', ({ criterion, reason }) => {
    const world = passing();
    const broken = [...breaks, ...robotBreaks].find(
      (one) => one.criterion === criterion && one.reason === reason,
    );
    if (broken === undefined) {
      // The one that a passing case of a write does not have.
      expect(reason).toBe('copy_not_granted');
      world.operation = 'copy';
      world.instructions = [];
      world.purpose = world.purpose && { ...world.purpose, operations: ['read'] };
    } else broken.apply(world);
    const { snapshot, question, now } = ask(world);
    const decision = decide(snapshot, question, now);
    expect(decision).toMatchObject({ effect: 'refuse', reason });
    const first = decision.effect === 'refuse' ? decision.criteria.find(({ met }) => !met) : undefined;
    expect(first?.name).toBe(criterion);
  });

  test.each(byTest)('"$sentence" is shown by $file', ({ file, title }) => {
    expect(readFileSync(`test/${file}.test.ts`, 'utf8')).toContain(title);
  });
});
