/**
 * The pages of the sample ERP, in French and English. Each function takes what it shows and returns a document.
 */
import type { Language, Text } from '../core/model.ts';
import type { Books, Customer, CustomerField, Invoice } from './erp-data.ts';
import { CUSTOMER_FIELDS } from './erp-data.ts';
import { day, euros, renderPage } from './page.tsx';
import type { SqlAnswer } from './sql.ts';
import type { Received } from './transfers.ts';

const CUSTOMERS: Text = { en: 'Customers', fr: 'Clients' };
const INVOICES: Text = { en: 'Invoices', fr: 'Factures' };
const LIVE: Text = { en: 'Live view', fr: 'Vue en direct' };
const UPLOAD: Text = { en: 'Upload', fr: 'Envoi de fichier' };

const SQL: Text = { en: 'SQL prompt', fr: 'Invite SQL' };

const MENU = [
  ['/', { en: 'Dashboard', fr: 'Tableau de bord' }],
  ['/customers', CUSTOMERS],
  ['/invoices', INVOICES],
  ['/live', LIVE],
  ['/upload', UPLOAD],
  ['/sql', SQL],
] as const;

function page(language: Language, title: Text, content: Parameters<typeof renderPage>[1]): string {
  return renderPage({ language, application: 'Orion ERP', title: title[language], menu: MENU }, content);
}

const CARDS: readonly (readonly [href: string, label: Text, about: Text])[] = [
  [
    '/customers',
    CUSTOMERS,
    { en: 'Look up and change customers.', fr: 'Consulter et modifier les clients.' },
  ],
  ['/invoices', INVOICES, { en: 'Read the invoices.', fr: 'Lire les factures.' }],
  ['/live', LIVE, { en: 'Two feeds that stay open.', fr: 'Deux flux qui restent ouverts.' }],
  [
    '/export/customers.csv',
    { en: 'Customers as CSV', fr: 'Clients en CSV' },
    { en: 'A small file with everybody in it.', fr: 'Un petit fichier avec tout le monde.' },
  ],
  [
    '/export/full.bin?mb=200',
    { en: 'Full export (200 MB)', fr: 'Export complet (200 Mo)' },
    { en: 'As fast as the line allows.', fr: 'Aussi vite que la ligne le permet.' },
  ],
  [
    '/export/full.bin?mb=200&rate=2000000',
    { en: 'Full export, slow', fr: 'Export complet, lent' },
    { en: 'About 100 seconds: time to stop it.', fr: 'Environ 100 secondes : le temps de l’arrêter.' },
  ],
  [
    '/upload',
    UPLOAD,
    { en: 'Send a file; it is counted, not kept.', fr: 'Envoyer un fichier ; il est compté, pas gardé.' },
  ],
  [
    '/api/customers',
    { en: 'Customers as JSON', fr: 'Clients en JSON' },
    { en: 'What programs read.', fr: 'Ce que lisent les programmes.' },
  ],
];

export function dashboard(language: Language): string {
  return page(
    language,
    { en: 'Dashboard', fr: 'Tableau de bord' },
    <ul class="cards">
      {CARDS.map(([href, label, about]) => (
        <li key={href}>
          <a href={href}>{label[language]}</a>
          <p>{about[language]}</p>
        </li>
      ))}
    </ul>,
  );
}

export function missing(language: Language): string {
  const title: Text = { en: 'Not found', fr: 'Introuvable' };
  return page(
    language,
    title,
    <p>{{ en: 'There is nothing at this address.', fr: 'Il n’y a rien à cette adresse.' }[language]}</p>,
  );
}

const FIELDS: Readonly<Record<CustomerField, Text>> = {
  name: { en: 'Name', fr: 'Nom' },
  city: { en: 'City', fr: 'Ville' },
  mail: { en: 'Mail', fr: 'Courriel' },
  phone: { en: 'Telephone', fr: 'Téléphone' },
  note: { en: 'Note', fr: 'Remarque' },
};

export function customers(language: Language, list: readonly Customer[]): string {
  return page(
    language,
    CUSTOMERS,
    <table>
      <thead>
        <tr>
          {(['name', 'city', 'mail'] as const).map((field) => (
            <th key={field}>{FIELDS[field][language]}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {list.map((customer) => (
          <tr key={customer.id}>
            <td>
              <a href={`/customers/${customer.id}`}>{customer.name}</a>
            </td>
            <td>{customer.city}</td>
            <td>{customer.mail}</td>
          </tr>
        ))}
      </tbody>
    </table>,
  );
}

export function customer(language: Language, shown: Customer, saved: boolean): string {
  return page(
    language,
    { en: `Customer ${shown.id}`, fr: `Client ${shown.id}` },
    <>
      {saved && <p class="done">{{ en: 'Saved.', fr: 'Enregistré.' }[language]}</p>}
      <form class="sheet" method="post" action={`/customers/${shown.id}`}>
        {CUSTOMER_FIELDS.map((field) => (
          <label key={field} htmlFor={field}>
            {FIELDS[field][language]}
            {field === 'note' ? (
              <textarea id={field} name={field} rows={3}>
                {shown.note}
              </textarea>
            ) : (
              <input id={field} name={field} value={shown[field]} />
            )}
          </label>
        ))}
        <button type="submit">{{ en: 'Save', fr: 'Enregistrer' }[language]}</button>
      </form>
    </>,
  );
}

const INVOICE_WORDS = {
  number: { en: 'Number', fr: 'Numéro' },
  customer: { en: 'Customer', fr: 'Client' },
  day: { en: 'Date', fr: 'Date' },
  amount: { en: 'Amount', fr: 'Montant' },
  paid: { en: 'Paid', fr: 'Payée' },
  open: { en: 'Open', fr: 'À payer' },
} as const;

export function invoices(language: Language, books: Books): string {
  return page(
    language,
    INVOICES,
    <table>
      <thead>
        <tr>
          <th>{INVOICE_WORDS.number[language]}</th>
          <th>{INVOICE_WORDS.customer[language]}</th>
          <th>{INVOICE_WORDS.day[language]}</th>
          <th class="number">{INVOICE_WORDS.amount[language]}</th>
        </tr>
      </thead>
      <tbody>
        {books.invoices().map((invoice) => (
          <tr key={invoice.id}>
            <td>
              <a href={`/invoices/${invoice.id}`}>{invoice.id}</a>
            </td>
            <td>{books.customer(invoice.customer)?.name ?? '–'}</td>
            <td>{day(invoice.day, language)}</td>
            <td class="number">{euros(invoice.cents, language)}</td>
          </tr>
        ))}
      </tbody>
    </table>,
  );
}

export function invoice(language: Language, shown: Invoice, to: Customer | undefined): string {
  const rows = [
    [INVOICE_WORDS.customer, to?.name ?? '–'],
    [INVOICE_WORDS.day, day(shown.day, language)],
    [INVOICE_WORDS.amount, euros(shown.cents, language)],
    [INVOICE_WORDS.paid, shown.paid ? '✓' : INVOICE_WORDS.open[language]],
  ] as const;
  return page(
    language,
    { en: `Invoice ${shown.id}`, fr: `Facture ${shown.id}` },
    <table>
      <tbody>
        {rows.map(([label, value]) => (
          <tr key={label.en}>
            <th>{label[language]}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>,
  );
}

export function upload(language: Language, received: Received | undefined): string {
  const size = received && new Intl.NumberFormat(language).format(received.bytes);
  return page(
    language,
    UPLOAD,
    <>
      {received && (
        <p class="done">
          {{ en: `${size} bytes received, SHA-256 `, fr: `${size} octets reçus, SHA-256 ` }[language]}
          <code>{received.sha256}</code>
        </p>
      )}
      <form class="sheet" method="post" action="/upload" encType="multipart/form-data">
        <label>
          {{ en: 'File', fr: 'Fichier' }[language]}
          <input type="file" name="file" required />
        </label>
        <button type="submit">{{ en: 'Send', fr: 'Envoyer' }[language]}</button>
      </form>
    </>,
  );
}

export function live(language: Language): string {
  const open = { en: 'connected', fr: 'connecté' }[language];
  const closed = { en: 'not connected', fr: 'non connecté' }[language];
  return page(
    language,
    LIVE,
    <>
      <div id="feeds" class="feeds" data-open={open} data-closed={closed}>
        <section>
          <h2>
            WebSocket{' '}
            <span id="socket-state" class="state">
              {closed}
            </span>
          </h2>
          <ol id="socket" />
          <form id="say">
            <input name="text" aria-label={{ en: 'Message', fr: 'Message' }[language]} maxLength={200} />{' '}
            <button type="submit">{{ en: 'Send', fr: 'Envoyer' }[language]}</button>
          </form>
        </section>
        <section>
          <h2>
            {{ en: 'Server-sent events', fr: 'Événements du serveur' }[language]}{' '}
            <span id="events-state" class="state">
              {closed}
            </span>
          </h2>
          <ol id="events" />
        </section>
      </div>
      <script src="/static/live.js" defer />
    </>,
  );
}

/** `asked`: the statement and what came of it; undefined: none yet. */
export function sqlPrompt(
  language: Language,
  asked: { readonly statement: string; readonly answer: SqlAnswer } | undefined,
): string {
  const statement = asked?.statement ?? 'SELECT id, name, city FROM customers ORDER BY name';
  return page(
    language,
    SQL,
    <>
      <p>
        {
          {
            en: 'Tables customers and invoices, as a copy that is made for each statement.',
            fr: 'Tables customers et invoices, en une copie faite pour chaque instruction.',
          }[language]
        }
      </p>
      <form method="post" action="/sql" class="sheet">
        <label>
          SQL
          <textarea name="sql" rows={4} spellcheck={false}>
            {statement}
          </textarea>
        </label>
        <button type="submit">{{ en: 'Run', fr: 'Exécuter' }[language]}</button>
      </form>
      {asked !== undefined && <SqlResult answer={asked.answer} />}
    </>,
  );
}

function SqlResult({ answer }: { readonly answer: SqlAnswer }) {
  if ('error' in answer) return <p class="state">{answer.error}</p>;
  return (
    <table>
      <thead>
        <tr>
          {answer.columns.map((name) => (
            <th key={name}>{name}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {answer.rows.map((row, nth) => (
          <tr key={String(nth)}>
            {row.map((value, at) => (
              <td key={answer.columns[at]}>{value}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
