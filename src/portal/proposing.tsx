/**
 * How a contact of the provider proposes: a client, a template, one click. It permits nothing, and the contact sees of a
 * client no more than what was proposed to it and how that was answered.
 */
import type { Client } from '../core/model.ts';
import { proposalFrom, proposalStatusAt } from '../core/proposals.ts';
import { everySystem } from '../core/systems.ts';
import { isOver } from './endings.ts';
import { waitingMatters } from './matter-tasks.ts';
import { ProposingPage } from './pages/proposals.tsx';
import { labelOf } from './proposals.tsx';
import { Refusal } from './refusal.ts';
import { type Framer, sendPage } from './render.tsx';
import { texts } from './texts.ts';
import { field, type Visit } from './visit.ts';

const words = texts.proposals;

/** GET `/proposals`: the form; `client` may be given, then what was proposed to it stands below. */
export async function showProposing(visit: Visit, frame: Framer): Promise<void> {
  await sendForm(visit, frame, {
    // Made with the form, so that sending it twice makes one proposal.
    id: visit.deps.random(16).toString('base64url'),
    client: (await servedClients(visit)).get(field(visit.req.query, 'client')),
    template: '',
    errors: new Map(),
    made: field(visit.req.query, 'made') !== '',
  });
}

/** POST `/proposals`: fields `id client template`. */
export async function makeProposal(visit: Visit, frame: Framer): Promise<void> {
  const { body } = visit.req;
  const { say, snapshot, signedIn, now } = visit;
  const [id, name] = [field(body, 'id'), field(body, 'template')];
  const client = (await servedClients(visit)).get(field(body, 'client'));
  const template = snapshot.templates.get(name);
  const errors = new Map<string, string>();
  if (client === undefined) errors.set('client', say(words.errors.client));
  if (template === undefined || !/^[\w-]{22}$/.test(id)) errors.set('template', say(words.errors.template));
  const user = signedIn.who.kind === 'provider-user' ? signedIn.who.user : undefined;
  const by = user?.id ?? '';
  const proposal = client && template && proposalFrom(template, client, everySystem(client), { id, by, now });
  if (errors.size === 0 && proposal === undefined) errors.set('template', say(words.errors.nothing));
  if (client === undefined || proposal === undefined || errors.size > 0)
    return sendForm(visit, frame, { id, client, template: name, errors, made: false });
  const answer = await visit.deps.authority.run({ do: 'propose', proposal, name: user?.name ?? '' });
  if ('refused' in answer && answer.refused === 'too_many_proposals')
    throw new Refusal(409, answer.refused, words.errors.too_many_proposals, words.errors.tooManyNext);
  // The same form sent twice: the first one counts.
  visit.res.redirect(303, `/proposals?client=${client.id}&made=1`);
}

/** Those whose contract is not over, by their id. */
async function servedClients({ deps, snapshot, now }: Visit): Promise<ReadonlyMap<string, Client>> {
  const states = await deps.archive.endingStates();
  return new Map([...snapshot.clients].filter(([id, client]) => !isOver(client, states.get(id), now)));
}

interface Proposing {
  readonly id: string;
  readonly client: Client | undefined;
  readonly template: string;
  readonly errors: ReadonlyMap<string, string>;
  readonly made: boolean;
}

async function sendForm(visit: Visit, frame: Framer, form: Proposing): Promise<void> {
  const { snapshot, say, now } = visit;
  const { client } = form;
  const proposals = client === undefined ? [] : await visit.deps.archive.proposals(client.id);
  sendPage(
    visit.res,
    <ProposingPage
      frame={frame(visit, { self: '/proposals' })}
      csrf={visit.deps.csrf.token(visit.req)}
      id={form.id}
      clients={[...(await servedClients(visit)).values()].map(({ id, name }) => ({ id, label: name }))}
      client={client && { id: client.id, name: client.name, zone: client.zone }}
      templates={[...snapshot.templates.values()].map(({ id, label, about }) => ({
        id,
        label: say(label),
        about: say(about),
      }))}
      template={form.template}
      errors={form.errors}
      made={form.made}
      matters={await waitingMatters(visit)}
      proposals={proposals.map((proposal) => ({
        id: proposal.id,
        label: say(labelOf(visit, proposal)),
        status: proposalStatusAt(proposal, now),
        by: snapshot.users.get(proposal.by)?.name ?? snapshot.organisation,
        proposedAt: proposal.proposedAt,
        leftMs: proposal.until - now,
      }))}
    />,
    form.errors.size > 0 ? 422 : 200,
  );
}
