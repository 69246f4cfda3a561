/**
 * What the log stores as path when no route of the profile names it, and which query keys it may name. Segments that
 * do not look like a word of the application become `*`; of a file only a well-known extension stays; no value of a
 * query is ever kept.
 */

const word = /^[a-z][a-z_-]{0,30}$/;

/** Deeper paths end in `**`, so that a path cannot be used to write a letter into the log. */
const deepest = 12;

/** A closed list: an open one would let a name pass as an extension. */
const extensions: ReadonlySet<string> = new Set(
  (
    '7z asp aspx avif bak bin bmp bz2 css csv db dmp doc docx dump eml eot gif gz htm html ico ics ini iso jpeg jpg js ' +
    'json jsp log map md mjs mov mp3 mp4 msg odp ods odt ogg pdf php png ppt pptx ps rar rtf sql sqlite svg tar tgz tif ' +
    'tiff ttf txt vcf wasm wav webm webmanifest webp woff woff2 xls xlsx xml xz yaml yml zip zst'
  ).split(' '),
);

/** The path as it may be stored: `/clients/4711/Dupont.pdf;x=1` becomes `/clients/*` + `/*.pdf`. */
export function storedPath(path: string): string {
  if (path === '/') return '/';
  const segments = path.slice(1).split('/');
  const last = segments.length - 1;
  const kept = segments.slice(0, deepest).map((segment, index) => storedSegment(segment, index === last));
  return `/${kept.join('/')}${segments.length > deepest ? '/**' : ''}`;
}

function storedSegment(segment: string, isLast: boolean): string {
  const plain = segment.split(';', 1)[0] ?? '';
  if (plain === '') return '';
  if (word.test(plain)) return plain;
  const dot = isLast ? plain.lastIndexOf('.') : -1;
  const extension = dot < 0 ? '' : plain.slice(dot + 1).toLowerCase();
  return extensions.has(extension) ? `*.${extension}` : '*';
}

/** Appends the keys of the query that the route lists, in the route's order, without values. */
export function withQueryKeys(
  template: string,
  query: string | undefined,
  listed: readonly string[],
): string {
  if (query === undefined || query === '') return template;
  const present = new Set(query.split('&').map((pair) => pair.split('=', 1)[0] ?? ''));
  const keys = listed.filter((key) => present.has(key));
  return keys.length === 0 ? template : `${template}?${keys.join('&')}`;
}
