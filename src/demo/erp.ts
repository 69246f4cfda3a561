/**
 * The sample ERP of a client: pages with forms, a JSON API, one RPC route whose body alone tells reads from writes,
 * exports, an upload, live feeds. An ordinary application: it checks nobody, so it listens on loopback only.
 */
import { isObject } from '../core/objects.ts';
import { readJson, readText, seeOther, sendJson, sendPage, sendText } from './answers.ts';
import { serveAssets } from './assets.ts';
import type { Books } from './erp-data.ts';
import { createBooks, customersCsv, customerValues } from './erp-data.ts';
import * as pages from './erp-pages.tsx';
import type { Live } from './live.ts';
import { createLive } from './live.ts';
import type { Call, DemoListen, DemoServer, Handle, RouteRow } from './server.ts';
import { startSite } from './server.ts';
import { printSql, runSql } from './sql.ts';
import { downloadOf, receive, sendDownload } from './transfers.ts';

/** Starts the sample ERP on loopback; resolves when it listens. */
export function createErp(listen: DemoListen = {}): Promise<DemoServer> {
  const books = createBooks();
  const live = createLive();
  return startSite(
    {
      routes: [...pageRoutes(books), ...apiRoutes(books), ...transferRoutes(books), ...liveRoutes(live)],
      notFound,
      upgrade: live.upgrade,
      closing: live.close,
    },
    listen,
  );
}

const notFound: Handle = ({ res, language }) => sendPage(res, pages.missing(language), 404);

function pageRoutes(books: Books): readonly RouteRow[] {
  return [
    ['GET', '/', ({ res, language }) => sendPage(res, pages.dashboard(language))],
    [
      'GET',
      '/customers',
      ({ res, language, url }) =>
        sendPage(res, pages.customers(language, books.customers(url.searchParams.get('q') ?? ''))),
    ],
    ['GET', '/customers/:id', (call) => showCustomer(books, call)],
    ['POST', '/customers/:id', (call) => saveCustomer(books, call)],
    ['GET', '/invoices', ({ res, language }) => sendPage(res, pages.invoices(language, books))],
    ['GET', '/invoices/:id', (call) => showInvoice(books, call)],
    ['GET', '/sql', ({ res, language }) => sendPage(res, pages.sqlPrompt(language, undefined))],
    ['POST', '/sql', (call) => query(books, call)],
    ['GET', '/static/**', serveAssets(notFound)],
  ];
}

function showCustomer(books: Books, call: Call): void | Promise<void> {
  const customer = books.customer(call.params.id ?? '');
  if (!customer) return notFound(call);
  sendPage(call.res, pages.customer(call.language, customer, call.url.searchParams.has('saved')));
}

async function saveCustomer(books: Books, call: Call): Promise<void> {
  const text = await readText(call.req, call.res);
  if (text === undefined) return;
  const saved = books.save(
    call.params.id ?? '',
    customerValues(Object.fromEntries(new URLSearchParams(text))),
  );
  if (!saved) return notFound(call);
  seeOther(call.res, `/customers/${saved.id}?saved`);
}

/** A page for people, lines for programs. */
async function query(books: Books, { req, res, language }: Call): Promise<void> {
  const text = await readText(req, res);
  if (text === undefined) return;
  const statement = new URLSearchParams(text).get('sql') ?? '';
  const answer = runSql(books, statement);
  if (req.headers.accept?.includes('text/html'))
    return sendPage(res, pages.sqlPrompt(language, { statement, answer }));
  sendText(res, printSql(answer), 'error' in answer ? 400 : 200);
}

function showInvoice(books: Books, call: Call): void | Promise<void> {
  const invoice = books.invoice(call.params.id ?? '');
  if (!invoice) return notFound(call);
  sendPage(call.res, pages.invoice(call.language, invoice, books.customer(invoice.customer)));
}

function apiRoutes(books: Books): readonly RouteRow[] {
  return [
    [
      'GET',
      '/api/customers',
      ({ res, url }) => sendJson(res, books.customers(url.searchParams.get('q') ?? '')),
    ],
    ['GET', '/api/customers/:id', ({ res, params }) => sendFound(res, books.customer(params.id ?? ''))],
    [
      'POST',
      '/api/customers',
      async ({ req, res }) => {
        const body = await readJson(req, res);
        if (body) sendJson(res, books.add(customerValues(body)), 201);
      },
    ],
    [
      'PUT',
      '/api/customers/:id',
      async ({ req, res, params }) => {
        const body = await readJson(req, res);
        if (body) sendFound(res, books.save(params.id ?? '', customerValues(body)));
      },
    ],
    ['POST', '/api/rpc', (call) => rpc(books, call)],
  ];
}

/** One address for everything: `{"method":"customer.read"|"customer.search"|"customer.delete","params":{}}`. */
async function rpc(books: Books, { req, res }: Call): Promise<void> {
  const body = await readJson(req, res);
  if (!body) return;
  const params = isObject(body.params) ? body.params : {};
  const id = String(params.id ?? '');
  switch (body.method) {
    case 'customer.read':
      return sendFound(res, books.customer(id));
    case 'customer.search':
      return sendJson(res, { result: books.customers(String(params.text ?? '')) });
    case 'customer.delete':
      return sendFound(res, books.remove(id) ? { deleted: id } : undefined);
    default:
      return sendJson(res, { error: 'unknown method' }, 400);
  }
}

function sendFound(res: Call['res'], result: object | undefined): void {
  sendJson(res, result ? { result } : { error: 'no such customer' }, result ? 200 : 404);
}

function transferRoutes(books: Books): readonly RouteRow[] {
  return [
    ['GET', '/export/customers.csv', ({ res }) => sendCsv(res, customersCsv(books))],
    [
      'GET',
      '/export/full.bin',
      ({ req, res, url }) =>
        sendDownload(req, res, downloadOf(url, 'full.bin', 'application/octet-stream', 200)),
    ],
    ['GET', '/upload', ({ res, language }) => sendPage(res, pages.upload(language, undefined))],
    ['POST', '/upload', takeUpload],
  ];
}

function sendCsv(res: Call['res'], text: string): void {
  const body = Buffer.from(text);
  res.writeHead(200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-length': body.length,
    'content-disposition': 'attachment; filename="customers.csv"',
  });
  res.end(body);
}

async function takeUpload({ req, res, language }: Call): Promise<void> {
  const received = await receive(req);
  if (req.headers.accept?.includes('text/html')) sendPage(res, pages.upload(language, received));
  else sendJson(res, received);
}

function liveRoutes(live: Live): readonly RouteRow[] {
  return [
    ['GET', '/live', ({ res, language }) => sendPage(res, pages.live(language))],
    ['GET', '/events', ({ req, res }) => live.events(req, res)],
  ];
}
