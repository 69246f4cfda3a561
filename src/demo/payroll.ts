/**
 * The sample payroll of a client: payslips to read. An ordinary application: it checks nobody, so it listens on
 * loopback only. Everybody on it is invented.
 */
import { sendPage } from './answers.ts';
import { serveAssets } from './assets.ts';
import { missingPage, PAYSLIPS, payslipPage, payslipsPage } from './payroll-pages.tsx';
import type { Call, DemoListen, DemoServer, Handle } from './server.ts';
import { startSite } from './server.ts';

/** Starts the sample payroll on loopback; resolves when it listens. */
export function createPayroll(listen: DemoListen = {}): Promise<DemoServer> {
  const list: Handle = ({ res, language }) => sendPage(res, payslipsPage(language));
  return startSite(
    {
      routes: [
        ['GET', '/', list],
        ['GET', '/payslips', list],
        ['GET', '/payslips/:id', show],
        ['GET', '/static/**', serveAssets(notFound)],
      ],
      notFound,
    },
    listen,
  );
}

const notFound: Handle = ({ res, language }) => sendPage(res, missingPage(language), 404);

function show(call: Call): void | Promise<void> {
  const payslip = PAYSLIPS.find((candidate) => candidate.id === call.params.id);
  if (!payslip) return notFound(call);
  sendPage(call.res, payslipPage(call.language, payslip));
}
