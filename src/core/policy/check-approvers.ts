/**
 * Live clients with one approver, or none, and where their files say so. Apart from what a policy must be to take effect: time
 * alone makes this a fault, and a fault would hold back every other change of the folder, also one that takes somebody out.
 */
import { type ApproverFinding, approverFinding } from '../absence.ts';
import type { Snapshot } from '../model.ts';
import { type PolicyDocument, placedIn } from './document.ts';
import { type PolicyFault, sortFaults } from './faults.ts';

export interface ApproverFindings {
  readonly faults: readonly PolicyFault[];
  readonly warnings: readonly PolicyFault[];
}

/** For the clients whose files are among `documents`; `now` is epoch milliseconds UTC. */
export function checkApprovers(
  { clients }: Pick<Snapshot, 'clients'>,
  documents: readonly PolicyDocument[],
  now: number,
): ApproverFindings {
  const found = documents.flatMap((document) => {
    const [, id = ''] = /^clients\/(.+)\.yaml$/.exec(document.path) ?? [];
    const client = clients.get(id);
    const finding = client === undefined ? undefined : approverFinding(client, now);
    return finding === undefined ? [] : [{ finding, document }];
  });
  const of = (verdict: ApproverFinding['verdict']): readonly PolicyFault[] =>
    sortFaults(
      found.flatMap(({ finding: { path, message, ...finding }, document }) =>
        finding.verdict === verdict
          ? [{ file: document.path, ...placedIn(document).place(path, 'key'), message: message.en }]
          : [],
      ),
    );
  return { faults: of('fault'), warnings: of('warning') };
}
