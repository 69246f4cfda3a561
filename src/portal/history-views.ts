/**
 * Views of the history that a person keeps under a name: the filters, and the period only if asked to, so that a view
 * usually shows the newest days. Each person has their own.
 */

import { shown } from '../core/shown.ts';
import { longestViewName, mostViews } from '../core/views.ts';
import { seatedOf } from './controller.ts';
import { filterNames, historyAddress, readFilters } from './history-filters.ts';
import { Refusal } from './refusal.ts';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.history;
const idForm = /^[A-Za-z0-9_-]{1,64}$/;

/** POST `/history/views`: fields `name`, `period` (any text: with the period) and those of the filters. */
export async function saveView(visit: Visit): Promise<void> {
  const { client, controller } = await seatedOf(visit);
  const { body } = visit.req;
  const name = shown(field(body, 'name').trim(), longestViewName);
  if (name === '') throw new Refusal(422, 'bad_request', words.viewNameless, words.viewNamelessNext);
  const given = Object.fromEntries(filterNames.map((filter) => [filter, field(body, filter)]));
  const { values } = readFilters(given, client.zone, visit.now);
  const timed = field(body, 'period') !== '';
  const address = historyAddress(timed ? values : { ...values, from: '', to: '' });
  const view = { id: visit.deps.random(12).toString('base64url'), name, query: address.split('?')[1] ?? '' };
  const answer = await visit.deps.authority.run({
    do: 'view-save',
    client: client.id,
    controller: controller.id,
    view,
  });
  if ('refused' in answer)
    throw new Refusal(409, 'views_full', words.viewsFull(mostViews), words.viewsFullNext);
  visit.res.redirect(303, address);
}

/** POST `/history/views/:id/drop`: forgets one of the person's own views. */
export async function dropView(visit: Visit): Promise<void> {
  const { client, controller } = await seatedOf(visit);
  const id = String(visit.req.params.id);
  const answer = idForm.test(id)
    ? await visit.deps.authority.run({
        do: 'view-drop',
        client: client.id,
        controller: controller.id,
        id,
      })
    : { dropped: false };
  if (!answer.dropped) throw new Refusal(404, 'not_found', texts.errors.notFound, texts.errors.notFoundNext);
  visit.res.redirect(303, '/history');
}
