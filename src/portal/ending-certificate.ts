/** The certificate at the end of a contract as a report that can be drawn: its facts, and each copy with its end. */
import type { CertifiedCopy } from '../core/ending-certificate.ts';
import type { Client } from '../core/model.ts';
import { mostListed } from '../core/report.ts';
import { certificateFacts } from './ending-shown.ts';
import { type EndingState, told } from './endings.ts';
import { date, instant, size } from './formats.ts';
import type { ReportWords } from './report-words.ts';
import { systemName } from './system-names.ts';
import { purposeLabel } from './technician.tsx';
import { texts } from './texts.ts';
import type { Visit } from './visit.ts';

const words = texts.endings;
/** A digest is long, and is read letter by letter. */
const columnShares = [0.15, 0.15, 0.19, 0.21, 0.08, 0.1, 0.12];

/** Undefined: there is no certificate. */
export function certificateReport(visit: Visit, client: Client, state: EndingState): ReportWords | undefined {
  const { say, language } = visit;
  const { certificate, ending } = state;
  if (certificate === undefined || ending?.certificate === undefined) return undefined;
  const { at, textHash } = ending.certificate;
  const { columns } = words;
  const listed = certificate.copies.slice(0, mostListed);
  const more = certificate.copies.length - listed.length;
  return {
    language,
    month: date(at, client.zone, language),
    title: say(words.pdfTitle(client.name)),
    made: say(words.pdfMade(certificate.provider, certificate.attested_by, told(at, client.zone))),
    numbers: certificateFacts(client, certificate, textHash).map(([name, value]) => [say(name), say(value)]),
    charts: [],
    table: {
      title: say(words.pdfCopies),
      headers: [
        ...[columns.taken, columns.where, columns.how, columns.digest],
        ...[columns.size, columns.done, columns.by],
      ].map(say),
      shares: columnShares,
      rows: listed.map((copy) => rowOf(visit, client, copy)),
    },
    empty: say(words.pdfEmpty),
    notes: [...(more > 0 ? [say(words.pdfMore(more))] : []), say(words.proof)],
  };
}

function rowOf(visit: Visit, client: Client, copy: CertifiedCopy): readonly string[] {
  const { say, language } = visit;
  return [
    instant(Date.parse(copy.taken), client.zone, language),
    `${say(systemName(client, copy.system))}, ${purposeLabel(visit, copy.purpose)}`,
    `${say(words.ways[copy.how])} – ${copy.text}`,
    copy.digest === '' ? '–' : copy.digest,
    size(copy.bytes, language),
    date(Date.parse(copy.done), client.zone, language),
    say(words.sayers[copy.by]),
  ];
}
