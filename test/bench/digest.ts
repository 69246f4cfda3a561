/**
 * The digest part: what hashing a copy on its way costs, of the throughput of the same bytes as a page, which is not hashed. Over
 * plain HTTP, and over TLS as it is installed; as fast as the machine can, where application, gateway and reader share its cores,
 * and read at the pace of a line of 5 Gbit/s. In turn within one run, medians of the rounds.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Access } from './access.ts';
import type { BulkPlan, BulkResult } from './bulk.ts';
import type { CutReach } from './cut.ts';
import { type Child, startChild } from './protocol.ts';
import { median, readStart } from './running.ts';

const CERTIFICATES = fileURLToPath(new URL('../../test/vectors/tls', import.meta.url));
/** As fast as the machine can, and on a line. */
const LINES = [undefined, 5e9] as const;
const AUTHORITY = fileURLToPath(new URL('../../test/vectors/tls-ca.pem', import.meta.url));

export interface DigestRow {
  readonly transport: 'plain' | 'TLS';
  /** Bits per second of the reader's line; undefined: as fast as it comes. */
  readonly line: number | undefined;
  readonly page_mib_per_s: number;
  readonly copy_mib_per_s: number;
}

/** @param upstream origin of the application behind */
export async function measureDigest(
  bytes: number,
  rounds: number,
  upstream: string,
  generator: Child,
): Promise<readonly DigestRow[]> {
  return [
    ...(await measureOver('plain', bytes, rounds, upstream, generator)),
    ...(await measureOver('TLS', bytes, rounds, upstream, generator)),
  ];
}

async function measureOver(
  transport: 'plain' | 'TLS',
  bytes: number,
  rounds: number,
  upstream: string,
  generator: Child,
): Promise<readonly DigestRow[]> {
  const secure = transport === 'TLS';
  const args = [upstream, ...(secure ? [CERTIFICATES] : [])];
  const product = startChild('./cut-process.ts', args, await readStart());
  try {
    const { port, host } = await product.ask<CutReach>('reach');
    const [access] = await product.ask<Access[]>('open', 1);
    const ca = secure ? { ca: await readFile(AUTHORITY, 'utf8') } : {};
    const reach = { port, host, cookie: access?.cookie, ...ca };
    const rows: DigestRow[] = [];
    for (const line of LINES) {
      const take = async (path: string): Promise<number> => {
        const plan: BulkPlan = { reach, bytes, path, ...(line === undefined ? {} : { line }) };
        const { seconds } = await generator.ask<BulkResult>('download', plan, 120_000);
        return bytes / 1024 / 1024 / seconds;
      };
      rows.push({ transport, line, ...(await compare(rounds, take)) });
    }
    return rows;
  } finally {
    await product.end();
  }
}

/** @param take downloads below a path; MiB per second */
async function compare(
  rounds: number,
  take: (path: string) => Promise<number>,
): Promise<Pick<DigestRow, 'page_mib_per_s' | 'copy_mib_per_s'>> {
  const speeds: { page: number[]; copy: number[] } = { page: [], copy: [] };
  // The first of each is not counted: what is compiled and allocated once is no cost of a digest.
  for (let round = 0; round <= rounds; round += 1) {
    const page = await take('/page');
    const copy = await take('/bytes');
    if (round === 0) continue;
    speeds.page.push(page);
    speeds.copy.push(copy);
  }
  return { page_mib_per_s: median(speeds.page), copy_mib_per_s: median(speeds.copy) };
}
