/** From what somebody is to be told to the mail that tells it: plain text, and the same as simple HTML. Pure. */
import { hash } from 'node:crypto';
import { inBoth } from '../core/both-languages.ts';
import { endingLine, erasureSubjects } from '../core/ending.ts';
import type { Story } from '../core/history.ts';
import type { Mail } from '../core/mail.ts';
import {
  accountKey,
  type Client,
  type ControllerUser,
  type Language,
  type Snapshot,
  type Text,
} from '../core/model.ts';
import type { Due } from '../core/notices.ts';
import { shown } from '../core/shown.ts';
import type { Verdict } from '../core/verdict.ts';
import { under } from './client-address.ts';
import { date } from './formats.ts';
import { sayIn } from './language.ts';
import { missedInWords } from './missed-runs.ts';
import { calledText } from './person-name.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';

const words = texts.notices;

export interface MailContext {
  readonly portalUrl: URL;
  readonly client: Client;
  readonly snapshot: Snapshot;
}

interface Letter {
  readonly subject: Text;
  /** Sentences, and facts as `name: value`. */
  readonly lines: readonly (Text | readonly [Text, string])[];
  readonly path: string;
  /** What stands before the address, and last, where it is not what all mails say. */
  readonly open?: Text;
  readonly footer?: Text;
}

/** The mail about something that is told at once. */
export function noticeMail(due: Due, context: MailContext): Mail {
  return mailOf(due.key, due.to, letterOf(due, context), context);
}

function letterOf({ to, notice }: Due, { client, snapshot }: MailContext): Letter {
  const language = languageOf(to);
  const speak = (text: Text | string): string => shown(typeof text === 'string' ? text : text[language], 120);
  const purpose = (code: string): string => speak(snapshot.purposes.get(code)?.label ?? code);
  const systems = (ids: readonly string[]): string =>
    ids.map((id) => speak(systemName(client, id))).join(', ');
  const facts = (of: {
    readonly purpose: string;
    readonly systems: readonly string[];
    readonly reference: string;
  }) =>
    [
      [words.why, purpose(of.purpose)],
      [words.where, systems(of.systems)],
      [words.reference, speak(of.reference)],
    ] as const;
  switch (notice.kind) {
    case 'request': {
      const { request } = notice;
      const person = snapshot.people.get(request.person);
      const who = speak(person ? calledText(snapshot, client, person) : texts.controller.unnamed);
      return {
        subject: words.request.subject(speak(request.reference)),
        lines: [words.request.text(who), ...facts(request), words.howLong(request.minutes)],
        path: `/requests/${request.id}`,
      };
    }
    case 'proposal':
      return {
        subject: words.proposal.subject,
        lines: [words.proposal.text],
        path: `/proposals/${notice.proposal.id}`,
      };
    case 'people':
      return {
        subject: words.people.subject,
        lines: [words.people[notice.what](speak(notice.name || texts.controller.unnamed))],
        path: '/people',
      };
    case 'emergency':
      return {
        subject: words.emergency.subject,
        lines: [
          words.emergency.text(nameOf(notice.story, speak)),
          ...facts({ ...notice.story, reference: notice.story.reference ?? '' }),
          [texts.emergencies.reason, speak(notice.story.note)],
        ],
        path: `/emergencies/${notice.story.id}`,
      };
    case 'contest': {
      const { mail } = texts.contests;
      const { id, said } = notice.matter;
      const by = said[0]?.who ?? '';
      const who = snapshot.users.get(by)?.name ?? snapshot.people.get(by)?.name;
      return {
        subject: mail.subject,
        lines: [mail.text(speak(who ?? snapshot.organisation)), [mail.why, speak(said[0]?.text ?? '')]],
        path: `/matters/${id}`,
      };
    }
    case 'robot': {
      const { line } = notice;
      const system = speak(systemName(client, String(line.leaf.system)));
      return {
        subject: texts.robots.mail.subject(system),
        lines: [
          missedInWords(snapshot, client, line),
          notice.at === 'provider' ? texts.robots.mail.provider : texts.robots.missedNext,
        ],
        path: notice.at === 'provider' ? '/provider' : '/',
      };
    }
    case 'unanswered': {
      const { unanswered } = texts.copies.mail;
      const ours = notice.at === 'provider';
      return {
        subject: unanswered.subject(client.name),
        lines: [unanswered.count(notice.copies), ours ? unanswered.provider : unanswered.client],
        path: ours ? `/provider/copies/${client.id}` : '/copies',
      };
    }
    case 'ending': {
      const { mail, noticeWhat, noticeFrom, subjects } = texts.endings;
      const { leaf } = notice.line;
      const what = endingLine(leaf);
      const subject = erasureSubjects.find((one) => one === leaf.what);
      return {
        subject: mail.subjects[what](client.name),
        lines: [
          mail[what],
          ...(what === 'notified' && subject !== undefined
            ? [
                [noticeWhat, subjects[subject][language]] as const,
                [noticeFrom, date(Date.parse(String(leaf.from)), client.zone, language)] as const,
              ]
            : []),
        ],
        path: notice.at === 'provider' ? `/provider/endings/${client.id}` : '/ending',
      };
    }
    case 'undone': {
      const { mail, late } = texts.endings;
      const day = inBoth((told) => date(notice.dueAt - 1, client.zone, told));
      return {
        subject: mail.undone(client.name),
        lines: [late(day)],
        path: notice.at === 'provider' ? `/provider/endings/${client.id}` : '/ending',
      };
    }
    case 'copies': {
      const { mail } = texts.copies;
      const ours = notice.at === 'provider';
      return {
        subject: mail.subject(client.name),
        lines: [texts.copies.overdue(notice.overdue), ours ? mail.provider : mail.client],
        path: ours ? `/provider/copies/${client.id}` : '/copies',
      };
    }
    case 'first':
    case 'hours': {
      const { story } = notice;
      return {
        subject: words[notice.kind].subject,
        lines: [
          words[notice.kind].text(nameOf(story, speak)),
          ...facts({ ...story, reference: story.reference ?? '' }),
        ],
        path: `/history/${story.id}`,
      };
    }
  }
}

function nameOf({ name }: Story, speak: (text: Text | string) => string): string {
  return speak(name ?? texts.controller.unnamed);
}

/** The mail by which somebody signs in. Its link leads to a form and does nothing by being opened. */
export function signInMail(to: ControllerUser, code: string, context: MailContext): Mail {
  const grouped = (code.match(/.{1,4}/g) ?? []).join('-');
  const said = texts.mailSignIn.mail;
  const letter = {
    subject: said.subject(context.client.name),
    lines: [said.text(context.client.name), [said.code, grouped] as const, said.where, said.notYou],
    path: `/sign-in-by-mail/code?code=${grouped}`,
    open: said.open,
    footer: said.footer,
  };
  // The key stands in the mail's Message-ID, so it must not tell the code.
  const key = `sign-in ${hash('sha256', `consentry mail key\n${code}`, 'base64url')}`;
  return mailOf(key, to, letter, context);
}

/** What happened in a week. */
export interface Week {
  readonly verdict: Verdict;
  /** Openings by purpose, most often first. */
  readonly purposes: readonly (readonly [string, number])[];
  /** Answers to what was asked about accesses in that week, and answers that are overdue now. */
  readonly answered: number;
  readonly overdue: number;
  /** Undefined: the log has no signed state yet. */
  readonly state: { readonly checkpoint: string; readonly phrase: string } | undefined;
}

/** The one mail about a week, however much happened in it. */
export function weekMail(key: string, to: Due['to'], week: Week, context: MailContext): Mail {
  const { client, snapshot } = context;
  const { verdict } = week;
  const now = texts.now;
  const lines: Letter['lines'][number][] = [
    verdict.openings === 0 ? now.nobody : now.openings(verdict),
    ...(verdict.refused > 0 ? [now.refused(verdict.refused)] : []),
    verdict.worth === 0 ? now.nothingWorth : now.worth(verdict.worth),
    verdict.unfinished > 0 ? now.unfinished(verdict.unfinished) : now.complete,
  ];
  const { answered, overdue } = texts.matters.week;
  if (week.overdue > 0) lines.push(overdue(week.overdue));
  if (week.answered > 0) lines.push(answered(week.answered));
  for (const [code, count] of week.purposes) {
    const label = snapshot.purposes.get(code)?.label ?? { en: code, fr: code };
    lines.push([label, String(count)]);
  }
  if (week.state !== undefined) {
    const { phrase, checkpoint } = week.state;
    lines.push(words.week.state, { en: phrase, fr: phrase }, { en: checkpoint, fr: checkpoint });
  }
  lines.push(words.week.off);
  return mailOf(key, to, { subject: words.week.subject(client.name), lines, path: '/' }, context);
}

export function languageOf(to: Due['to']): Language {
  return to.language ?? 'fr';
}

function mailOf(key: string, to: Due['to'], letter: Letter, { portalUrl, snapshot }: MailContext): Mail {
  const language = languageOf(to);
  const say = sayIn(language);
  const account = snapshot.accounts.get(accountKey(to.issuer, to.subject));
  const path = account?.kind === 'several' ? under(to.client, letter.path) : letter.path;
  const address = new URL(path, portalUrl).href;
  const paragraphs = [
    say(words.hello(shown(to.name, 80))),
    ...letter.lines.map((line) => ('en' in line ? say(line) : `${say(line[0])}: ${line[1]}`)),
    `${say(letter.open ?? words.open)}: ${address}`,
    say(letter.footer ?? words.footer),
  ];
  return {
    key,
    to: to.mail ?? '',
    language,
    subject: oneLine(say(letter.subject)),
    text: `${paragraphs.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><meta charset="utf-8"><body>${paragraphs
      .map(
        (paragraph) =>
          `<p style="white-space:pre-wrap">${escaped(paragraph).replace(escaped(address), `<a href="${escaped(address)}">${escaped(address)}</a>`)}</p>`,
      )
      .join('')}</body></html>`,
  };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 200);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
