/** How robots are said to people: who they are, when they may come, and what an agreement lets them do. */
import { inBoth, joinTexts } from '../core/both-languages.ts';
import { clockTime } from '../core/days.ts';
import { foresee } from '../core/foresee.ts';
import type { Client, Grant, Language, Snapshot, Text } from '../core/model.ts';
import { reasonAnswers } from '../core/reasons.ts';
import { namedRobot, type PlannedRun, type Robot, type RobotWindow, robotInWords } from '../core/robots.ts';
import { reasonText } from './activity-words.ts';
import { date, hour } from './formats.ts';
import { systemName } from './system-names.ts';
import { texts } from './texts.ts';

const words = texts.robots;
const operations = ['read', 'write', 'copy'] as const;

/** `Mon, Tue 01:00–05:00 (expected by 02:30), Europe/Paris`; that it may never come, when it has no window. */
export function windowsInWords({ windows, hours }: Robot): Text {
  if (windows.length === 0) return words.never;
  const told = (language: Language) => windows.map((one) => windowIn(one, language)).join('; ');
  return inBoth((language) => `${told(language)}, ${hours.zone}`);
}

function windowIn({ days, from, until, latest }: RobotWindow, language: Language): string {
  const named = days.map((day) => texts.instructions.dayNames[day - 1]?.[language] ?? '');
  const on = days.length === 7 ? words.daily[language] : named.join(', ');
  const by = latest === undefined ? '' : ` (${words.expected(clockTime(latest))[language]})`;
  return `${on} ${clockTime(from)}–${clockTime(until)}${by}`;
}

/** `1 December 2026, 01:00–02:30 +01:00`: between when and when it is to begin. */
export function runInWords({ from, latest }: PlannedRun, zone: string): Text {
  const told = (language: Language): string => {
    const [day, last] = [date(from, zone, language), date(latest, zone, language)];
    const [begins = '', offset] = hour(from, zone, language).split(' ');
    const [ends = '', later = ''] = hour(latest, zone, language).split(' ');
    return day === last && offset === later
      ? `${day}, ${begins}–${ends} ${later}`
      : `${day}, ${begins} ${offset} – ${day === last ? '' : `${last}, `}${ends} ${later}`;
  };
  return inBoth(told);
}

/** What each robot that an agreement names could do by itself, or what stops it today. */
export function robotsForeseen(
  snapshot: Snapshot,
  client: Client,
  grant: Grant,
  now: number,
): readonly Text[] {
  return grant.people.flatMap((who) => {
    const id = namedRobot(who);
    if (id === undefined) return [];
    const name = robotInWords(snapshot, id);
    const robot = snapshot.people.get(id)?.robot;
    const { uses, stopped } = foresee(snapshot, { ...grant, people: [who] }, now);
    if (robot === undefined || uses.length === 0)
      return [
        texts.foresight.said.stopped(
          name,
          reasonText(reasonAnswers[stopped[0]?.reason ?? 'not_employee'].leaf),
        ),
      ];
    return uses.map((use) => {
      const can = operations.filter((one) => use.operations.includes(one));
      return texts.foresight.said.robot(
        name,
        joinTexts(use.systems.map((system) => systemName(client, system))),
        snapshot.purposes.get(use.purpose)?.label ?? { en: use.purpose, fr: use.purpose },
        joinTexts(can.map((one) => texts.foresight.verbs[one])),
        windowsInWords(robot),
      );
    });
  });
}
