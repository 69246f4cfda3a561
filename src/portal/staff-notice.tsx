/**
 * The notice to staff: what is recorded, by whom it is read, how long, with which rights. Who has not confirmed the version in
 * force is led to it before anything is declared; what they have and what they stop stays in reach.
 */
import { noticeHash } from '../core/staff-notice.ts';
import { StaffNoticePage } from './pages/staff-notice.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, technicianOf, type Visit } from './visit.ts';

const words = texts.staffNotice;

/** A path of the portal and nothing else; '/' for whatever is not. */
function safePath(text: string): string {
  return /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,4000}$/.test(text) ? text : '/';
}

/** GET `/staff-notice?back=`. */
export function showStaffNotice(visit: Visit, frame: Framer): void {
  const { notice } = visit.snapshot;
  if (notice === undefined) return visit.res.redirect(303, '/');
  sendPage(
    visit.res,
    <StaffNoticePage
      frame={frame(visit, { self: '/staff-notice' })}
      csrf={visit.deps.csrf.token(visit.req)}
      notice={notice}
      back={safePath(field(visit.req.query, 'back'))}
      read={visit.deps.people.hasRead(technicianOf(visit).id, notice.version)}
    />,
  );
}

/** POST `/staff-notice`: fields `version back`. Kept before the person goes on; a version that is no longer in force counts for nothing. */
export async function confirmStaffNotice(visit: Visit): Promise<void> {
  const { snapshot, deps, now, req, res } = visit;
  const { notice } = snapshot;
  const back = safePath(field(req.body, 'back'));
  if (notice === undefined) return res.redirect(303, back);
  if (field(req.body, 'version') !== notice.version)
    throw new Refusal(409, 'notice_changed', words.changed, words.changedNext);
  const { id: person } = technicianOf(visit);
  const { version } = notice;
  await deps.people.readNotice({ person, version, text: noticeHash(notice), at: now });
  res.redirect(303, back);
}
