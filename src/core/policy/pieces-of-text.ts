/**
 * Cuts a large policy text into pieces that mean the same read by themselves: its sections, and the entries of a section
 * that is a map of maps. After a small change only the piece that changed need be read again. Cuts only plain block style
 * as editors and programs write it, and says so when a text is anything else; it never decides what a text means.
 */

export interface Piece {
  /** As it stands in the file, whole lines. */
  readonly text: string;
  /** The section it is an entry of; undefined: it is a section. */
  readonly within: string | undefined;
  /** It is the first of its section. */
  readonly first: boolean;
}

const sectionLine = /^([A-Za-z_][A-Za-z0-9_-]*):(?:[ ]|$)/;
/** A section whose value begins on the next line. */
const emptySection = /^[A-Za-z_][A-Za-z0-9_-]*:[ ]*(?:#.*)?$/;
const entryLine = /^ {2}[A-Za-z_][A-Za-z0-9_-]*:[ ]*(?:#.*)?$/;
const passedOver = /^[ ]*(?:#.*)?$/;

/** The pieces in order, or undefined when the text is not surely what it looks like. */
export function cutIntoPieces(text: string): readonly Piece[] | undefined {
  if (/[\t\r\u0085\u2028\u2029\ufeff]/.test(text)) return undefined;
  const pieces: Piece[] = [];
  let section: string[] = [];
  for (const line of text.split('\n')) {
    if (sectionLine.test(line)) {
      if (!addSection(pieces, section)) return undefined;
      section = [line];
    } else if (line.startsWith(' ') || passedOver.test(line)) section.push(line);
    else return undefined;
  }
  return addSection(pieces, section) ? pieces : undefined;
}

/** Adds a section as one piece, or as its entries. False when something stands before the first section. */
function addSection(pieces: Piece[], lines: readonly string[]): boolean {
  const [head = ''] = lines;
  const name = sectionLine.exec(head)?.[1];
  if (name === undefined) return lines.every((line) => passedOver.test(line));
  const body = lines.slice(1);
  const start = body.findIndex((line) => !passedOver.test(line));
  if (start < 0 || !emptySection.test(head) || !entryLine.test(body[start] ?? '')) {
    pieces.push({ text: lines.join('\n'), within: undefined, first: true });
    return true;
  }
  let entry: string[] = [];
  let first = true;
  const add = () => {
    pieces.push({ text: entry.join('\n'), within: name, first });
    entry = [];
    first = false;
  };
  for (const line of body.slice(start)) {
    if (entryLine.test(line) && entry.length > 0) add();
    entry.push(line);
  }
  add();
  return true;
}
