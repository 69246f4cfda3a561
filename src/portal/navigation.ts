/**
 * Where the portal's pages stand: at most four in the main menu of each role, the others under the person's own name.
 */
import type { Say } from './language.ts';
import type { NavItem } from './pages/layout.tsx';
import { type ActName, acts, may, type Role } from './roles.ts';
import { texts } from './texts.ts';

interface Place {
  readonly act: ActName;
  readonly label: { readonly en: string; readonly fr: string };
  readonly roles: readonly Role[];
}

const controllers: readonly Role[] = ['representative', 'delegate', 'reader'];
const technicians: readonly Role[] = ['technician'];

const menu: readonly Place[] = [
  { act: 'home', label: texts.nav.systems, roles: technicians },
  { act: 'requests', label: texts.requests.mine, roles: technicians },
  { act: 'record', label: texts.nav.record, roles: technicians },
  { act: 'proposing', label: texts.proposals.nav, roles: ['contact'] },
  { act: 'matters', label: texts.matters.nav, roles: ['contact', 'dpo'] },
  { act: 'openAcross', label: texts.provider.open.title, roles: ['contact', 'dpo'] },
  { act: 'standing', label: texts.provider.standing.title, roles: ['dpo'] },
  { act: 'rollout', label: texts.provider.rollout.title, roles: ['contact', 'dpo'] },
  { act: 'home', label: texts.nav.now, roles: controllers },
  { act: 'history', label: texts.history.nav, roles: controllers },
  { act: 'agreements', label: texts.nav.agreements, roles: controllers },
  { act: 'takeAway', label: texts.nav.takeAway, roles: controllers },
];

const more: readonly Place[] = [
  { act: 'copies', label: texts.copies.mine, roles: technicians },
  { act: 'matters', label: texts.contests.nav, roles: technicians },
  { act: 'device', label: texts.commandLine.title, roles: technicians },
  { act: 'standing', label: texts.provider.standing.title, roles: ['contact'] },
  { act: 'copiesAcross', label: texts.copies.across, roles: ['contact', 'dpo'] },
  { act: 'endingsAcross', label: texts.endings.across, roles: ['contact', 'dpo'] },
  { act: 'rulesInForce', label: texts.provider.rules.title, roles: ['contact', 'dpo'] },
  { act: 'providerHook', label: texts.providerHook.title, roles: ['contact', 'dpo'] },
  { act: 'requests', label: texts.requests.received, roles: controllers },
  { act: 'matters', label: texts.matters.nav, roles: controllers },
  { act: 'factSheet', label: texts.factSheet.title, roles: controllers },
  { act: 'instructions', label: texts.instructions.title, roles: controllers },
  { act: 'people', label: texts.nav.people, roles: controllers },
  { act: 'connections', label: texts.api.title, roles: controllers },
  { act: 'credentials', label: texts.nav.credentials, roles: controllers },
  { act: 'copies', label: texts.copies.title, roles: controllers },
  { act: 'ending', label: texts.endings.title, roles: controllers },
  { act: 'seatForm', label: texts.nav.seat, roles: controllers },
];

/** The entries of a role's menus; `path` is the page that is shown. */
export function navigationFor(
  role: Role,
  path: string,
  say: Say,
): { readonly menu: readonly NavItem[]; readonly more: readonly NavItem[] } {
  const items = (places: readonly Place[]): readonly NavItem[] =>
    places
      .filter(({ act, roles }) => roles.includes(role) && may(role, act))
      .map(({ act, label }) => ({
        href: acts[act].path,
        label: say(label),
        current: acts[act].path === path,
      }));
  return { menu: items(menu), more: items(more) };
}
