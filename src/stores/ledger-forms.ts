/**
 * Forms: what many calls to the writer say alike crosses to its thread once and is then named by a number, so that a call is
 * an id and, for a result, four numbers. A thread that is new knows no forms: who sends keeps book of what was sent to which.
 */

/** What a kind of call says, cut where its id stands: among its words (for a result: the index of its intent), and in its leaf. */
export class Form {
  readonly pieces: readonly [string, string, string];
  /** Its number, and in which book. */
  book: object | undefined;
  number = 0;

  constructor(...pieces: readonly [string, string, string]) {
    this.pieces = pieces;
  }

  /** The call written out. `word` is the id of an intent, the index of a result's intent. */
  written(word: string, id: string): string {
    const [before, between, after] = this.pieces;
    return before + word + between + id + after;
  }
}

/** Calls by their forms, as they cross. */
export interface FormedCalls {
  /** The reader forgets what it knew: numbers begin anew. */
  readonly anew: boolean;
  /** Forms sent for the first time, numbered in order after those that came before; each as a call with empty ids. */
  readonly fresh: readonly string[];
  /** Ids of the calls, one space between them. */
  readonly ids: string;
  /** The form of each call; after that of a result the index of its intent, bytes up and down, milliseconds. */
  readonly numbers: readonly number[];
}

/** Numbers of forms that a thread is to remember; then all begin anew. */
const mostForms = 4_096;

/** What was sent to one thread. */
export class FormBook {
  #book = {};
  #count = 0;

  /** The thread is another one, which knows nothing. */
  restart(): void {
    this.#book = {};
    this.#count = 0;
  }

  /** Writes calls for the thread. */
  write(
    calls: readonly {
      readonly form: Form;
      readonly id: string;
      readonly numbers?: readonly number[];
    }[],
  ): FormedCalls {
    if (this.#count > mostForms) this.restart();
    const anew = this.#count === 0;
    const fresh: string[] = [];
    let ids = '';
    const all: number[] = [];
    for (const { form, id, numbers } of calls) {
      all.push(this.#numberOf(form, fresh));
      if (numbers !== undefined) all.push(...numbers);
      ids += ids === '' ? id : ` ${id}`;
    }
    return { anew, fresh, ids, numbers: all };
  }

  #numberOf(form: Form, fresh: string[]): number {
    if (form.book !== this.#book) {
      form.book = this.#book;
      form.number = this.#count;
      this.#count += 1;
      fresh.push(form.written('', ''));
    }
    return form.number;
  }
}
