/**
 * Says whether a form holds one SQL statement that surely only reads, by its tokens alone: a SELECT over names, numbers, texts
 * and the five aggregates. Not a parser: whatever could call a function, write a table or a file, lock, hide in a comment or be
 * cut into tokens differently by another database is no read. Made for SQLite, PostgreSQL, MySQL and MariaDB.
 */

/** As browsers and curl write a value; `&` would begin another one. */
const plainValue = /^(?:[A-Za-z0-9*._~+-]|%[0-9A-Fa-f]{2})*$/;

/** The value of a form that has this key and no other; undefined: the form is another, or could be read in two ways. */
export function onlyFormValue(body: string, key: string): string | undefined {
  const begin = `${key}=`;
  const value = body.slice(begin.length);
  if (!body.startsWith(begin) || !plainValue.test(value)) return undefined;
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

const space = /[ \t\r\n]+/y;
/** Texts without backslash and without their own quote: databases differ in what these do. */
const token =
  /[A-Za-z_][A-Za-z0-9_]*|[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.])|'[^'"\\]*'|"[^'"\\]*"|<=|>=|<>|!=|\|\||[(),.;=<>+*/%-]/y;
/** Printable ASCII and white space. */
const plain = /^[\t\r\n -~]*$/;

/** Words that begin or belong to something else than reading, wherever they stand. */
const acting: ReadonlySet<string> = new Set(
  `alter analyse analyze attach backup begin bulk call checkpoint cluster comment commit copy create dbcc deallocate declare
  delete detach discard do drop dumpfile exec execute explain fetch flush for grant handler import insert install into kill
  listen load lock merge move next nextval notify outfile pragma prepare prev procedure refresh reindex release rename replace
  reset restore returning revoke rollback savepoint set shutdown start sync truncate unlisten unlock update use vacuum with
  xa`.split(/\s+/),
);

/** Words that no database of those takes for the name of a function, so that a bracket after one groups. */
const beforeBracket: ReadonlySet<string> = new Set(
  `all and as between case distinct else exists from having in not on or select then union when where`.split(
    ' ',
  ),
);
const aggregates: ReadonlySet<string> = new Set(['avg', 'count', 'max', 'min', 'sum']);

const deepest = 50;

interface Token {
  /** Words in small letters. */
  readonly text: string;
  /** Nothing stands between it and the one before. */
  readonly joined: boolean;
}

/** True for one SELECT, with or without a semicolon after it, that nothing can be hidden in. */
export function isSelectOnly(statement: string): boolean {
  const tokens = tokensOf(statement);
  if (tokens?.[0]?.text !== 'select') return false;
  if (tokens.at(-1)?.text === ';') tokens.pop();
  let open = 0;
  for (const [index, { text }] of tokens.entries()) {
    if (text === ';' || acting.has(text)) return false;
    if (text === '(') open += mayOpen(tokens, index) ? 1 : Number.NaN;
    if (text === ')') open -= 1;
    if (!(open >= 0 && open <= deepest)) return false;
  }
  return open === 0;
}

/** Whether the bracket there groups, lists or belongs to an aggregate: any other one calls something. */
function mayOpen(tokens: readonly Token[], index: number): boolean {
  const [before, earlier] = [tokens[index - 1]?.text ?? '', tokens[index - 2]?.text ?? ''];
  if (!/^[a-z_]/.test(before)) return !/^[)."'0-9]/.test(before);
  // What stands after a dot is the name of something, whatever it is called.
  if (earlier === '.') return false;
  // MySQL takes an aggregate with a space after it for a function that somebody made.
  if (aggregates.has(before)) return tokens[index]?.joined === true;
  return beforeBracket.has(before) || (before === 'by' && (earlier === 'order' || earlier === 'group'));
}

/** All tokens; undefined when the text does not fall into tokens in one way only. */
function tokensOf(statement: string): Token[] | undefined {
  if (!plain.test(statement)) return undefined;
  const tokens: Token[] = [];
  let joined = false;
  let at = 0;
  while (at < statement.length) {
    const blank = match(space, statement, at);
    if (blank !== undefined) {
      at += blank.length;
      joined = false;
      continue;
    }
    const here = match(token, statement, at);
    if (here === undefined || opensComment(statement, at)) return undefined;
    // Two texts side by side are one in some databases, and a name before a text may say how it is to be read.
    if (joined && /^['"]/.test(here) && /['"\w]$/.test(tokens.at(-1)?.text ?? '')) return undefined;
    tokens.push({ text: /^[A-Za-z_]/.test(here) ? here.toLowerCase() : here, joined });
    at += here.length;
    joined = true;
  }
  return tokens;
}

function opensComment(statement: string, at: number): boolean {
  const two = statement.slice(at, at + 2);
  return two === '--' || two === '/*' || two === '*/';
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
