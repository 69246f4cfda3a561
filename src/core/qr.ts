/**
 * QR codes (ISO/IEC 18004): bytes, error correction level M, versions 1 to 15, which is more than an authenticator app's
 * address needs. Deterministic and pure; held to codes that another program drew.
 */

/** By version: codewords of error correction in a block, and blocks. */
const correction = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24] as const;
const blocksOf = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10] as const;

type Grid = boolean[][];

/** The dark modules, row by row. Throws RangeError when the text is longer than 412 bytes. */
export function drawQr(text: string): readonly (readonly boolean[])[] {
  const bytes = Buffer.from(text);
  const version = versionFor(bytes.length);
  const codewords = interleave(dataOf(bytes, version), version);
  const { modules, fixed } = frame(version);
  place(modules, fixed, codewords);
  const drawn = masks.map((mask, number) => masked(modules, fixed, mask, number));
  const penalties = drawn.map(penalty);
  return drawn[penalties.indexOf(Math.min(...penalties))] ?? modules;
}

/** Codewords, of data and correction together, that a version holds. */
function capacity(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const marks = Math.floor(version / 7) + 2;
    modules -= (25 * marks - 10) * marks - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

const ofVersion = (table: readonly number[], version: number): number => table[version - 1] ?? 0;

function dataCapacity(version: number): number {
  return capacity(version) - ofVersion(correction, version) * ofVersion(blocksOf, version);
}

const countBits = (version: number): number => (version < 10 ? 8 : 16);

function versionFor(length: number): number {
  for (let version = 1; version <= correction.length; version += 1)
    if (Math.ceil((4 + countBits(version)) / 8 + length) <= dataCapacity(version)) return version;
  throw new RangeError('the text is too long for a QR code of ours');
}

/** Mode, length, bytes, end, and padding up to what the version holds. */
function dataOf(bytes: Uint8Array, version: number): number[] {
  let bits = `0100${bytes.length.toString(2).padStart(countBits(version), '0')}`;
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const room = dataCapacity(version) * 8;
  bits += '0'.repeat(Math.min(4, room - bits.length));
  bits += '0'.repeat((8 - (bits.length % 8)) % 8);
  const data = (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
  for (let pad = 0xec; data.length < room / 8; pad ^= 0xec ^ 0x11) data.push(pad);
  return data;
}

/** The data in blocks with their correction, column by column. */
function interleave(data: readonly number[], version: number): number[] {
  const [count, length] = [ofVersion(blocksOf, version), ofVersion(correction, version)];
  const short = Math.floor(capacity(version) / count) - length;
  const firstLong = count - (capacity(version) % count);
  const generator = generatorOf(length);
  const blocks: number[][] = [];
  const corrections: number[][] = [];
  for (let at = 0, block = 0; block < count; block += 1) {
    const size = short + (block < firstLong ? 0 : 1);
    blocks.push(data.slice(at, at + size));
    corrections.push(remainder(data.slice(at, at + size), generator));
    at += size;
  }
  const byColumn = (lists: readonly number[][]): number[] =>
    Array.from({ length: short + 1 + length }, (_, column) =>
      lists.flatMap((list) => (column < list.length ? [list[column] ?? 0] : [])),
    ).flat();
  return [...byColumn(blocks), ...byColumn(corrections)];
}

/** Product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

function generatorOf(degree: number): number[] {
  const result = [...new Array<number>(degree - 1).fill(0), 1];
  let root = 1;
  for (let round = 0; round < degree; round += 1) {
    for (let at = 0; at < degree; at += 1)
      result[at] = times(result[at] ?? 0, root) ^ (at + 1 < degree ? (result[at + 1] ?? 0) : 0);
    root = times(root, 2);
  }
  return result;
}

function remainder(data: readonly number[], generator: readonly number[]): number[] {
  const result = generator.map(() => 0);
  for (const byte of data) {
    const factor = byte ^ (result.shift() ?? 0);
    result.push(0);
    generator.forEach((coefficient, at) => {
      result[at] = (result[at] ?? 0) ^ times(coefficient, factor);
    });
  }
  return result;
}

function grid(size: number): Grid {
  return Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
}

function set(target: Grid, x: number, y: number, dark: boolean): void {
  const row = target[y];
  if (row !== undefined && x >= 0 && x < row.length) row[x] = dark;
}

const isDark = (source: readonly (readonly boolean[])[], x: number, y: number): boolean =>
  source[y]?.[x] === true;

/** Everything that does not depend on the text; where it stands is `fixed`. */
function frame(version: number): { readonly modules: Grid; readonly fixed: Grid } {
  const size = version * 4 + 17;
  const [modules, fixed] = [grid(size), grid(size)];
  const draw = (x: number, y: number, dark: boolean) => {
    set(modules, x, y, dark);
    set(fixed, x, y, true);
  };
  for (let at = 0; at < size; at += 1) {
    draw(6, at, at % 2 === 0);
    draw(at, 6, at % 2 === 0);
  }
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(x, y, 4, (ring) => ring !== 2 && ring !== 4, draw);
  const marks = marksOf(version);
  const last = marks.at(-1);
  for (const x of marks)
    for (const y of marks) {
      const inCorner = (x === 6 && (y === 6 || y === last)) || (x === last && y === 6);
      if (!inCorner) square(x, y, 2, (ring) => ring !== 1, draw);
    }
  formatBits(size, 0, draw);
  if (version >= 7) versionBits(version, size, draw);
  return { modules, fixed };
}

type Draw = (x: number, y: number, dark: boolean) => void;

function square(x: number, y: number, reach: number, dark: (ring: number) => boolean, draw: Draw): void {
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1)
      draw(x + dx, y + dy, dark(Math.max(Math.abs(dx), Math.abs(dy))));
}

/** Where the alignment marks stand, on both axes. */
function marksOf(version: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const size = version * 4 + 17;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - (count - 2 - at) * step)];
}

/** What an error-correcting code appends to a few bits. */
function appended(value: number, bits: number, polynomial: number): number {
  const top = 31 - Math.clz32(polynomial);
  let rest = value << bits;
  for (let at = 31 - Math.clz32(rest); at >= top && rest !== 0; at = 31 - Math.clz32(rest))
    rest ^= polynomial << (at - top);
  return (value << bits) | rest;
}

/** Level M is 00, so the five bits are the mask's number. */
function formatBits(size: number, mask: number, draw: Draw): void {
  const bits = appended(mask, 10, 0x537) ^ 0x5412;
  const bit = (at: number): boolean => ((bits >>> at) & 1) !== 0;
  for (let at = 0; at <= 5; at += 1) draw(8, at, bit(at));
  draw(8, 7, bit(6));
  draw(8, 8, bit(7));
  draw(7, 8, bit(8));
  for (let at = 9; at < 15; at += 1) draw(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at += 1) draw(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at += 1) draw(8, size - 15 + at, bit(at));
  draw(8, size - 8, true);
}

function versionBits(version: number, size: number, draw: Draw): void {
  const bits = appended(version, 12, 0x1f25);
  for (let at = 0; at < 18; at += 1) {
    const [a, b] = [size - 11 + (at % 3), Math.floor(at / 3)];
    draw(a, b, ((bits >>> at) & 1) !== 0);
    draw(b, a, ((bits >>> at) & 1) !== 0);
  }
}

/** The codewords in their zigzag of two columns, from the right. */
function place(modules: Grid, fixed: Grid, codewords: readonly number[]): void {
  const size = modules.length;
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step += 1)
      for (const x of [right, right - 1]) {
        const upward = ((right + 1) & 2) === 0;
        const y = upward ? size - 1 - step : step;
        if (isDark(fixed, x, y) || at >= codewords.length * 8) continue;
        set(modules, x, y, (((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1) !== 0);
        at += 1;
      }
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function masked(modules: Grid, fixed: Grid, mask: (x: number, y: number) => boolean, number: number): Grid {
  const result = modules.map((row, y) => row.map((dark, x) => dark !== (!isDark(fixed, x, y) && mask(x, y))));
  formatBits(modules.length, number, (x, y, dark) => set(result, x, y, dark));
  return result;
}

/** How hard it would be to read. */
function penalty(modules: Grid): number {
  const size = modules.length;
  const columns = modules.map((_, x) => modules.map((row) => row[x] === true));
  let sum = 0;
  for (const lines of [modules, columns])
    for (const line of lines) {
      const text = line.map((dark) => (dark ? '1' : '0')).join('');
      for (const run of text.match(/0{5,}|1{5,}/g) ?? []) sum += run.length - 2;
      for (const finder of ['10111010000', '00001011101'])
        for (let at = text.indexOf(finder); at >= 0; at = text.indexOf(finder, at + 1)) sum += 40;
    }
  for (let y = 0; y + 1 < size; y += 1)
    for (let x = 0; x + 1 < size; x += 1) {
      const dark = isDark(modules, x, y);
      const same = (dx: number, dy: number) => isDark(modules, x + dx, y + dy) === dark;
      if (same(1, 0) && same(0, 1) && same(1, 1)) sum += 3;
    }
  const dark = modules.flat().filter(Boolean).length;
  return sum + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}
