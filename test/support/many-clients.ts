/** Ten clients with twelve systems: the two samples, and eight more with an upstream each that says whose it is. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sample } from '../../src/demo/seed.ts';
import { type PolicyFolder, policyFolder } from './policies.ts';

export interface ManyClients {
  readonly policies: PolicyFolder;
  readonly agreements: readonly Sample[];
  /** `client/system` of all twelve. */
  readonly systems: readonly string[];
  close(): Promise<void>;
}

const names: Readonly<Record<string, string>> = {
  bakery: 'Boulangerie Petit',
  clinic: 'Clinique du Parc',
  garage: 'Garage Lenoir',
  lawyers: 'Cabinet Roussel',
  mill: 'Moulin de la Vire',
  port: 'Port de Granville',
  school: 'École Saint-Exupéry',
  town: 'Ville de Vernon',
};

/** Starts the upstreams and writes the policy folder; whoever calls it closes both. */
export async function manyClients(): Promise<ManyClients> {
  const clients = Object.entries(names);
  const servers: Server[] = [];
  const files: Record<string, string> = {};
  const agreements: Sample[] = [];
  for (const [id, name] of clients) {
    const systems = id === 'town' ? ['crm', 'stock'] : ['crm'];
    const upstreams: string[] = [];
    for (const system of systems) {
      const server = createServer((req, res) => {
        res.setHeader('content-type', 'text/html; charset=utf-8');
        res.end(`<!doctype html><title>${id}</title><h1>${id}/${system} ${req.url}</h1>`);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      servers.push(server);
      upstreams.push(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    }
    files[`clients/${id}.yaml`] = clientFile(id, name, systems, upstreams);
    const more = { purposes: ['hotline', 'support'], operations: ['read', 'write'] as const };
    agreements.push({ client: id, systems, ...more });
  }
  const policies = await policyFolder(files);
  const own = agreements.flatMap(({ client, systems }) => systems.map((system) => `${client}/${system}`));
  return {
    policies,
    agreements,
    systems: ['acme/erp', 'acme/backup', 'martin/payroll', ...own],
    async close() {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await policies.remove();
    },
  };
}

function clientFile(
  id: string,
  name: string,
  systems: readonly string[],
  upstreams: readonly string[],
): string {
  const described = systems.map(
    (system, at) => `  ${system}:
    name: { en: ${system.toUpperCase()}, fr: ${system.toUpperCase()} }
    hosts: [${system}.${id}.localhost]
    environment: production
    upstream: { url: "${upstreams[at]}" }
    profile: payroll-demo
    purposes: [hotline, support]
`,
  );
  return `name: ${name}
zone: Europe/Paris
contact: { name: Service clients, mail: clients@infogerance.example }
contract:
  reference: C-${id}
  from: 2025-02-01
  services: [support]
systems:
${described.join('')}
assignments:
  - who: alice
    systems: ["*"]
    from: 2025-02-03
    reason: Responsible technician
absence:
  single_approver_until: 2027-12-31
  reason: One person runs the company
controllers:
  boss:
    name: Boss of ${id}
    function: Manager
    role: representative
    issuer: \${ISSUER}
    subject: boss-${id}
    authority: DOC-1
`;
}
