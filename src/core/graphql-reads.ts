/**
 * Says whether a GraphQL document holds queries and nothing else, by its tokens alone. Not a validator: a document
 * with one mutation or subscription is no read, whichever operation is then asked for by name; neither is one that
 * servers of different age could cut into tokens differently.
 */

const ignored = /[ \t\n\r,]+|#[^\n\r]*/y;
const token =
  /[A-Za-z_][A-Za-z0-9_]*|"(?:[^"\\\n\r]|\\["\\/bfnrtu])*"|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|\.\.\.|[{}()[\]!$&:=@|]/y;
/** Without quotes and backslashes inside: a server that does not know block strings would end it elsewhere. */
const blockString = /"""[^"\\]*"""(?!")/y;

/** Controls, and what some drafts of the language took for line ends or white space. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const odd = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

const openers: ReadonlySet<string> = new Set('{([');
const openerOf: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };
const deepest = 100;

/** True when every definition is a query or a fragment, and there is at least one query. */
export function isQueryOnly(document: string): boolean {
  const tokens = tokensOf(document);
  if (tokens === undefined) return false;
  const open: string[] = [];
  let within: 'query' | 'fragment' | undefined;
  let queries = 0;
  for (const here of tokens) {
    if (open.length === 0) {
      if (within === undefined && here !== 'query' && here !== 'fragment' && here !== '{') return false;
      // No name between definitions, nor in the head of one, may be taken for another kind of operation.
      if (here === 'mutation' || here === 'subscription' || here.startsWith('"')) return false;
      within ??= here === 'fragment' ? 'fragment' : 'query';
    }
    if (openers.has(here)) {
      open.push(here);
      if (open.length > deepest) return false;
    } else if (Object.hasOwn(openerOf, here)) {
      if (open.pop() !== openerOf[here]) return false;
      if (here !== '}' || open.length > 0) continue;
      if (within === 'query') queries += 1;
      within = undefined;
    }
  }
  return queries > 0 && within === undefined;
}

/** All tokens, or undefined when the text does not fall into tokens in one way only. */
function tokensOf(document: string): readonly string[] | undefined {
  if (odd.test(document)) return undefined;
  const tokens: string[] = [];
  let at = 0;
  while (at < document.length) {
    const space = match(ignored, document, at);
    if (space === undefined) {
      const here = match(document.startsWith('"""', at) ? blockString : token, document, at);
      if (here === undefined) return undefined;
      tokens.push(here);
      at += here.length;
    } else at += space.length;
  }
  return tokens;
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
