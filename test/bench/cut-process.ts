/**
 * Hosts the product whose cuts are measured: `node cut-process.ts UPSTREAM [CERTIFICATES]`. Opens accesses when asked
 * and tells what its log says about their ends.
 */
import { type Access, agreeAndSignIn } from './access.ts';
import type { CutClosings, CutReach } from './cut.ts';
import { startProduct } from './gateway.ts';
import { serveQuestions } from './protocol.ts';

const [upstream = '', tls] = process.argv.slice(2);
const starting = startProduct(upstream, 'plain', tls).then(async (product) => ({
  product,
  open: await agreeAndSignIn(product.app, product.snapshot),
}));
// A product that cannot start answers so when asked, instead of ending without a word.
starting.catch(() => undefined);

serveQuestions(
  {
    async reach(): Promise<CutReach> {
      const { product } = await starting;
      return { port: product.port, host: product.host, portal: product.app.portalUrl.origin };
    },
    /** That many accesses, in groups that the log commits together. */
    async open(count): Promise<readonly Access[]> {
      const { open } = await starting;
      return Promise.all(Array.from({ length: Number(count) }, () => open('move')));
    },
    async closings(): Promise<CutClosings> {
      const { app } = (await starting).product;
      const kinds = ['session.closed'] as const;
      const lines = await app.archive.lines({ client: 'bench', kinds, limit: 10_000, disclose: [] });
      return lines.map(({ leaf }) => ({ cause: String(leaf.cause), cutMs: Number(leaf.cut_ms) }));
    },
  },
  async () => {
    const started = await starting.catch(() => undefined);
    await started?.product.close();
  },
);
