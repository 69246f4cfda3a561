/**
 * The pages of the sample payroll and the payslips they show, in French and English. Everybody on them is invented.
 */
import type { Language, Text } from '../core/model.ts';
import { euros, renderPage } from './page.tsx';

export interface Payslip {
  readonly id: string;
  readonly employee: string;
  readonly month: string;
  readonly grossCents: number;
  readonly netCents: number;
}

export const PAYSLIPS: readonly Payslip[] = [
  { id: 'p-501', employee: 'Ines Malfait', month: '2026-02', grossCents: 284_000, netCents: 221_500 },
  { id: 'p-502', employee: 'Hugo Sarrazin', month: '2026-02', grossCents: 231_200, netCents: 180_900 },
  { id: 'p-503', employee: 'Yvonne Castel', month: '2026-02', grossCents: 412_750, netCents: 318_400 },
];

const TITLE: Text = { en: 'Payslips', fr: 'Bulletins de paie' };
const GROSS: Text = { en: 'Gross', fr: 'Brut' };
const NET: Text = { en: 'Net', fr: 'Net' };

function payrollPage(language: Language, title: Text, content: Parameters<typeof renderPage>[1]): string {
  const menu = [['/payslips', TITLE]] as const;
  return renderPage({ language, application: 'Martin Paie', title: title[language], menu }, content);
}

export function missingPage(language: Language): string {
  return payrollPage(language, TITLE, <p>{{ en: 'Not found.', fr: 'Introuvable.' }[language]}</p>);
}

export function payslipsPage(language: Language): string {
  return payrollPage(
    language,
    TITLE,
    <table>
      <tbody>
        {PAYSLIPS.map((payslip) => (
          <tr key={payslip.id}>
            <td>
              <a href={`/payslips/${payslip.id}`}>{payslip.employee}</a>
            </td>
            <td>{month(payslip.month, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>,
  );
}

export function payslipPage(language: Language, payslip: Payslip): string {
  const title = `${payslip.employee}, ${month(payslip.month, language)}`;
  return payrollPage(
    language,
    { en: title, fr: title },
    <table>
      <tbody>
        <tr>
          <th>{GROSS[language]}</th>
          <td class="number">{euros(payslip.grossCents, language)}</td>
        </tr>
        <tr>
          <th>{NET[language]}</th>
          <td class="number">{euros(payslip.netCents, language)}</td>
        </tr>
      </tbody>
    </table>,
  );
}

function month(iso: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${iso}-01T00:00:00Z`));
}
