/**
 * Customers and invoices of the sample ERP, in memory: each server has its own copy, and what is saved is gone
 * when it stops. Everybody in here is invented; addresses and numbers are from ranges reserved for fiction.
 */
export interface Customer {
  readonly id: string;
  readonly name: string;
  readonly city: string;
  readonly mail: string;
  readonly phone: string;
  readonly note: string;
}

export interface Invoice {
  readonly id: string;
  readonly customer: string;
  readonly day: string;
  readonly cents: number;
  readonly paid: boolean;
}

export const CUSTOMER_FIELDS = ['name', 'city', 'mail', 'phone', 'note'] as const;

export type CustomerField = (typeof CUSTOMER_FIELDS)[number];

export type CustomerValues = Partial<Record<CustomerField, string>>;

export interface Books {
  customers(search?: string): readonly Customer[];
  customer(id: string): Customer | undefined;
  /** Undefined: no such customer. */
  save(id: string, values: CustomerValues): Customer | undefined;
  add(values: CustomerValues): Customer;
  /** False: no such customer. */
  remove(id: string): boolean;
  invoices(): readonly Invoice[];
  invoice(id: string): Invoice | undefined;
}

const CUSTOMERS: readonly Customer[] = [
  ['1001', 'Boulangerie Pérignon', 'Nantes', 'contact@perignon.example', '01 99 00 10 01'],
  ['1002', 'Garage Lefèvre & Fils', 'Lille', 'atelier@lefevre.example', '01 99 00 10 02'],
  ['1003', 'Pharmacie du Théâtre', 'Angers', 'officine@theatre.example', '01 99 00 10 03'],
  ['1004', 'Imprimerie Vauclair', 'Dijon', 'devis@vauclair.example', '01 99 00 10 04'],
  ['1005', 'Fleurs d’Ici', 'Annecy', 'bonjour@fleursdici.example', '01 99 00 10 05'],
  ['1006', 'Menuiserie Le Goff', 'Quimper', 'bois@legoff.example', '01 99 00 10 06'],
].map(([id = '', name = '', city = '', mail = '', phone = '']) => ({
  id,
  name,
  city,
  mail,
  phone,
  note: '',
}));

const INVOICES: readonly Invoice[] = [
  { id: 'F-2041', customer: '1001', day: '2026-01-12', cents: 124_850, paid: true },
  { id: 'F-2042', customer: '1003', day: '2026-01-19', cents: 48_000, paid: true },
  { id: 'F-2043', customer: '1002', day: '2026-02-02', cents: 317_990, paid: false },
  { id: 'F-2044', customer: '1006', day: '2026-02-11', cents: 96_420, paid: true },
  { id: 'F-2045', customer: '1004', day: '2026-03-05', cents: 1_204_500, paid: false },
  { id: 'F-2046', customer: '1005', day: '2026-03-09', cents: 21_500, paid: false },
];

/** More customers than this are refused, so that a test that writes without end cannot eat the memory. */
const MOST_CUSTOMERS = 10_000;

export function createBooks(): Books {
  const customers = new Map(CUSTOMERS.map((customer) => [customer.id, customer]));
  let next = 1007;
  return {
    customers: (search = '') =>
      [...customers.values()].filter((customer) =>
        customer.name.toLowerCase().includes(search.toLowerCase()),
      ),
    customer: (id) => customers.get(id),
    save(id, values) {
      const before = customers.get(id);
      if (!before) return undefined;
      const after = { ...before, ...values };
      customers.set(id, after);
      return after;
    },
    add(values) {
      if (customers.size >= MOST_CUSTOMERS) throw new Error('the sample ERP is full');
      const added = { id: String(next++), name: '', city: '', mail: '', phone: '', note: '', ...values };
      customers.set(added.id, added);
      return added;
    },
    remove: (id) => customers.delete(id),
    invoices: () => INVOICES,
    invoice: (id) => INVOICES.find((invoice) => invoice.id === id),
  };
}

/** The values of known fields that are text; everything else is left out. */
export function customerValues(from: Readonly<Record<string, unknown>>): CustomerValues {
  const values: CustomerValues = {};
  for (const field of CUSTOMER_FIELDS) {
    const value = from[field];
    if (typeof value === 'string') values[field] = value.slice(0, 2000);
  }
  return values;
}

/** All customers as CSV (RFC 4180, UTF-8); cells that a spreadsheet would run as formula are quoted as text. */
export function customersCsv(books: Books): string {
  const rows = books
    .customers()
    .map((customer) => [customer.id, ...CUSTOMER_FIELDS.map((field) => customer[field])]);
  return [['id', ...CUSTOMER_FIELDS], ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${text.replaceAll('"', '""')}"`;
}
