/**
 * Reads comma-separated values as RFC 4180 has them and as spreadsheets write them: a byte order mark is passed over, the
 * separator is what the first line uses, lines may end either way. Nothing is guessed: a quote where none belongs is a fault.
 */

export interface Row {
  /** The line of the file on which it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFault {
  readonly line: number;
  readonly message: string;
}

/** All rows but empty ones; `faults` names every line that cannot be read. */
export function parseCsv(source: string): {
  readonly rows: readonly Row[];
  readonly faults: readonly CsvFault[];
} {
  const text = source.replace(/^\uFEFF/, '');
  const separator = separatorOf(text);
  const rows: Row[] = [];
  const faults: CsvFault[] = [];
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const row = readRow(text, at, separator);
    if (row.fault !== undefined) faults.push({ line, message: row.fault });
    else if (row.cells.some((cell) => cell !== '')) rows.push({ line, cells: row.cells });
    line += text.slice(at, row.end).split('\n').length - 1;
    at = row.end;
  }
  return { rows, faults };
}

/** Of the first row: a semicolon if there is one outside quotes, else a comma. */
function separatorOf(text: string): string {
  let inside = false;
  for (const letter of text) {
    if (letter === '"') inside = !inside;
    else if (!inside && letter === '\n') break;
    else if (!inside && letter === ';') return ';';
  }
  return ',';
}

interface ReadRow {
  readonly cells: readonly string[];
  /** Where the next row begins. */
  readonly end: number;
  readonly fault?: string;
}

function readRow(text: string, start: number, separator: string): ReadRow {
  const cells: string[] = [];
  let at = start;
  for (;;) {
    const cell = text[at] === '"' ? quoted(text, at) : plain(text, at, separator);
    if (cell.fault !== undefined) return { cells, end: afterLine(text, cell.end), fault: cell.fault };
    cells.push(cell.text);
    at = cell.end;
    if (text[at] === separator) at += 1;
    else if (at >= text.length || text[at] === '\n' || text.startsWith('\r\n', at))
      return { cells, end: afterLine(text, at) };
    else
      return {
        cells,
        end: afterLine(text, at),
        fault: 'after a closing quote comes the next cell or the end of the line',
      };
  }
}

interface Cell {
  readonly text: string;
  readonly end: number;
  readonly fault?: string;
}

function plain(text: string, start: number, separator: string): Cell {
  let end = start;
  while (end < text.length && text[end] !== separator && text[end] !== '\n' && !text.startsWith('\r\n', end))
    end += 1;
  const cell = text.slice(start, end);
  if (!cell.includes('"')) return { text: cell, end };
  return {
    text: cell,
    end,
    fault: 'a quote may stand only around a whole cell; inside one it is written twice',
  };
}

function quoted(text: string, start: number): Cell {
  let cell = '';
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] !== '"') cell += text[at];
    else if (text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else return { text: cell, end: at + 1 };
  }
  return { text: cell, end: text.length, fault: 'a quote is opened here and never closed' };
}

function afterLine(text: string, at: number): number {
  const next = text.indexOf('\n', at);
  return next < 0 ? text.length : next + 1;
}
