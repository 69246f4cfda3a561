/** The fields of an agreement's form that say what holds in an emergency: read, checked, and filled in again. */
import { type EmergencyClause, isClause } from '../core/emergency.ts';
import type { Client } from '../core/model.ts';
import { termOf } from '../core/pseudonyms.ts';
import type { AgreementForm, AgreementOffer } from './agreement-form.ts';
import { field, fields } from './visit.ts';

export interface EmergencyForm {
  readonly emergencyPeople: readonly string[];
  readonly emergencyMinutes: string;
  readonly emergencyPerYear: string;
  readonly emergencyReviewDays: string;
}

/** The fields without a clause, or of this one; `client`: whose terms stand for its people, where it has ids. */
export function emergencyFields(
  clause: EmergencyClause | undefined,
  client?: Pick<Client, 'display'>,
): EmergencyForm {
  const told = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    emergencyPeople: (clause?.people ?? []).map((who) => (client === undefined ? who : termOf(client, who))),
    emergencyMinutes: told(clause?.minutes),
    emergencyPerYear: told(clause?.perYear),
    emergencyReviewDays: told(clause?.reviewDays),
  };
}

export function readEmergency(body: unknown): EmergencyForm {
  return {
    emergencyPeople: fields(body, 'emergencyPeople'),
    emergencyMinutes: field(body, 'emergencyMinutes').trim(),
    emergencyPerYear: field(body, 'emergencyPerYear').trim(),
    emergencyReviewDays: field(body, 'emergencyReviewDays').trim(),
  };
}

/** People alone may declare one, never a team. */
export function whoInEmergency({ people }: Pick<AgreementOffer, 'people'>): AgreementOffer['people'] {
  return people.filter(({ id }) => !id.startsWith('team:'));
}

/** Whether anything of it was filled in. */
export function saysEmergency(form: EmergencyForm): boolean {
  const { emergencyPeople, emergencyMinutes, emergencyPerYear, emergencyReviewDays } = form;
  return (
    emergencyPeople.length > 0 ||
    [emergencyMinutes, emergencyPerYear, emergencyReviewDays].some((one) => one !== '')
  );
}

/** The clause that the fields say; undefined: none. A part of one, or one that is used once, is a mistake. */
export function checkEmergency(
  form: AgreementForm,
  offer: AgreementOffer,
  zone: string,
): EmergencyClause | undefined | 'malformed' {
  if (!saysEmergency(form)) return undefined;
  const offered = whoInEmergency(offer).map(({ id }) => id);
  if (form.onceMinutes !== '' || !form.emergencyPeople.every((id) => offered.includes(id)))
    return 'malformed';
  const whole = (text: string) => (/^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0);
  const clause = {
    people: offered.filter((id) => form.emergencyPeople.includes(id)),
    minutes: whole(form.emergencyMinutes),
    perYear: whole(form.emergencyPerYear),
    reviewDays: whole(form.emergencyReviewDays),
    zone,
  };
  return isClause(clause) ? clause : 'malformed';
}
