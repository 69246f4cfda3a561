/** What the writer does about the end of contracts, in memory, for the portal's tests. */
import {
  currentEnding,
  type Ending,
  type EndingBook,
  type EndingOpen,
  isSettled,
  leastNotice,
  readEnding,
  statementFault,
} from '../../src/core/ending.ts';
import { makeCertificate, printCertificate } from '../../src/core/ending-certificate.ts';
import type { EndingAnswers, EndingCommand } from '../../src/core/ending-commands.ts';
import { Fault } from '../../src/core/faults.ts';
import { textHash } from '../../src/core/leaf.ts';

const receipt = { origin: 'o', index: 0, at: 0 };

export class EndingMemory {
  readonly #books = new Map<string, EndingBook>();
  /** What is outstanding at a client. */
  readonly #open: (client: string) => EndingOpen;

  constructor(open: (client: string) => EndingOpen) {
    this.#open = open;
  }

  book(client: string): EndingBook {
    const known = this.#books.get(client) ?? { statements: [], endings: [] };
    return { ...known, open: this.#open(client) };
  }

  /** The contract is over, and the log says so. */
  begin(client: string, at: number, more: Partial<Ending> = {}): void {
    const ending: Ending = {
      ...{ since: at, cause: 'status', beganAt: at, liftedAt: undefined, notices: [] },
      ...{ certificate: undefined, ...more },
    };
    const book = this.book(client);
    this.#books.set(client, { ...book, endings: [ending, ...book.endings] });
  }

  /** The newest statement as if it had been signed in these words. */
  reword(client: string, text: string): void {
    const book = this.book(client);
    const [newest, ...earlier] = book.statements;
    if (newest !== undefined)
      this.#books.set(client, { ...book, statements: [{ ...newest, text }, ...earlier] });
  }

  states(clients: readonly string[]) {
    return new Map(
      clients.map((id) => {
        const book = this.book(id);
        const noticed = book.statements[0]?.said.endsAt;
        return [id, { over: currentEnding(book) !== undefined, noticed }] as const;
      }),
    );
  }

  run(command: EndingCommand, now: number): EndingAnswers[EndingCommand['do']] {
    const book = this.book(command.client);
    const ending = currentEnding(book);
    const change = (to: Partial<Ending>) => {
      const changed = book.endings.map((one) => (one === ending ? { ...one, ...to } : one));
      this.#books.set(command.client, { ...book, endings: changed });
    };
    switch (command.do) {
      case 'ending-set': {
        const said = readEnding(command.text);
        if (said === undefined) throw new Fault('ledger_conflict', 'test');
        const wrong = statementFault(book.statements[0]?.said, said, now, ending?.certificate !== undefined);
        if (wrong !== undefined) return { refused: wrong };
        const statements = [{ said, at: now, text: command.text }, ...book.statements];
        this.#books.set(command.client, { ...book, statements });
        return { receipt, epoch: 2, ...(said.endsAt === undefined ? {} : { noticed: said.endsAt }) };
      }
      case 'ending-look':
        return { same: true };
      case 'ending-notify': {
        if (ending === undefined) return { refused: 'not_over' };
        const { what, from, text, by } = command;
        if (from - now < leastNotice) return { refused: 'too_soon' };
        change({ notices: [{ what, at: now, from, name: by.name, text }, ...ending.notices] });
        return { receipt };
      }
      case 'ending-certify': {
        if (ending === undefined) return { refused: 'not_over' };
        if (ending.certificate !== undefined) return { refused: 'certified' };
        if (!isSettled(book.open)) return { refused: 'outstanding' };
        const noticed = ending.notices.some(({ what, from }) => what === 'data' && from <= now);
        if (command.systems.some(({ how }) => how === 'deleted') && !noticed)
          return { refused: 'not_noticed' };
        const iso = (at: number) => new Date(at).toISOString();
        const statement = book.statements[0]?.said;
        const certificate = makeCertificate({
          ...{
            client: command.client,
            client_name: command.name,
            provider: command.provider,
            made: iso(now),
          },
          ...{ attested_by: command.by.name, systems: command.systems, copies: [], credentials: [] },
          contract_over: { since: iso(ending.since), cause: ending.cause },
          ...{ statement: statement?.textHash ?? '', choice: statement?.choice ?? '' },
          kept: [{ what: 'log', until: iso(command.keptUntil), why: command.why }],
        });
        const text = printCertificate(certificate);
        change({ certificate: { at: now, text, textHash: textHash(text) } });
        return { receipt, certificate };
      }
    }
  }
}
