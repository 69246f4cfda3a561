/** The letters of a PDF that this program drew, for tests that look for words in it. */
import { inflateSync } from 'node:zlib';

/** What a PDF says: its texts are numbers of glyphs, which a table of each embedded font turns into letters. */
export function insidePdf(bytes: Buffer): string {
  const all = bytes.toString('latin1');
  // What is packed may end with a carriage return of its own.
  const streams = [...all.matchAll(/stream\r?\n([\s\S]*?)\nendstream/g)].flatMap(([, body = '']) => {
    try {
      return inflateSync(Buffer.from(body, 'latin1')).toString('latin1');
    } catch {
      return [];
    }
  });
  const fonts = streams
    .filter((one) => one.includes('beginbfrange'))
    .map((one) =>
      // Two letters that are drawn as one stand there as two, with a space between.
      [...one.matchAll(/\[([^\]]*)\]/g)].flatMap(([, range = '']) =>
        [...range.matchAll(/<([0-9a-f ]+)>/gi)].map(([, code = '']) => letterOf(code.replaceAll(' ', ''))),
      ),
    );
  const shown = streams.flatMap((one) =>
    [...one.matchAll(/\[((?:<[0-9a-f]*>|[-\d. ])*)\] TJ/gi)].map(([, text = '']) => text),
  );
  return fonts
    .flatMap((letters) =>
      shown.map((text) =>
        [...text.matchAll(/<([0-9a-f]+)>/gi)]
          .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
          .map((glyph) => letters[Number.parseInt(glyph, 16)] ?? '?')
          .join(''),
      ),
    )
    .join('\n');
}

function letterOf(code: string): string {
  return String.fromCharCode(...(code.match(/.{4}/g) ?? []).map((unit) => Number.parseInt(unit, 16)));
}
