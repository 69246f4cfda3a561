/** Who answers for the portal and since when its rules stand: at the foot of every page. */
import type { Who } from '../core/model.ts';
import type { Policies } from '../core/ports.ts';

export interface Imprint {
  readonly organisation: string;
  readonly contact: { readonly name: string; readonly mail: string };
  readonly dpo: { readonly name: string; readonly mail: string; readonly postal: string };
  /** When the rules last changed for whoever reads, epoch milliseconds; undefined: no log says it yet. */
  readonly rulesChangedAt: number | undefined;
  readonly zone: string;
}

export interface ImprintDeps {
  readonly policies: Policies;
  /** When the rules of a client last changed, or those of any client; epoch milliseconds. */
  rulesChangedAt(client: string | undefined): number | undefined;
}

/** A client's people read their own contact and the day on which their own rules changed. */
export function imprintOf(deps: ImprintDeps, who: Who | undefined): Imprint {
  const { organisation, contact, dpo, clients } = deps.policies.current();
  const client = who?.kind === 'controller' ? clients.get(who.controller.client) : undefined;
  return {
    organisation,
    contact: client?.contact ?? contact,
    dpo,
    rulesChangedAt: deps.rulesChangedAt(client?.id),
    zone: client?.zone ?? 'Europe/Paris',
  };
}
