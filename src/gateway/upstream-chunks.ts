/**
 * The chunked coding (RFC 9112, section 7.1) taken off an upstream's body. Strict: sizes in plain hexadecimal, CRLF and nothing else;
 * extensions and trailers are read over and dropped.
 */

/** Bytes of one size line with its extensions, and of all trailers together. */
const mostLine = 4_096;
const mostTrailers = 32_768;

const sizeLine =
  /^([0-9A-Fa-f]{1,12})(?:;[!#$%&'*+\-.^_`|~0-9A-Za-z]+(?:=(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+|"[\t\x20\x21\x23-\x5b\x5d-\x7e\x80-\xff]*"))?)*$/;
/** A length among the trailers was meant for somebody who reads another body than this one. */
const trailerLine =
  /^(?!content-length:|transfer-encoding:)[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7e\x80-\xff]*$/i;

/** Chunks smaller than this are put together: told one by one, those of one byte cost a hundred times what they hold. */
const small = 16_384;

const LF = 0x0a;

export class Chunks {
  #state: 'size' | 'data' | 'after' | 'trailers' | 'end' = 'size';
  #left = 0;
  #line = '';
  #trailers = 0;

  get ended(): boolean {
    return this.#state === 'end';
  }

  /**
   * Takes what came, from `at`, and gives the body to `piece`, in few pieces: small chunks are moved together where they lie. Answers
   * where it stopped: at the end of `bytes`, or behind the last chunk. -1: this is not the chunked coding.
   */
  take(bytes: Buffer, at: number, piece: (part: Buffer) => void): number {
    let from = at;
    let to = at;
    const give = (): void => {
      if (to > from) piece(bytes.subarray(from, to));
      from = to;
    };
    const stopped = this.#walk(bytes, at, (start, end) => {
      if (to === from || end - start >= small) {
        give();
        from = start;
        to = end;
        return;
      }
      if (to < start) bytes.copyWithin(to, start, end);
      to += end - start;
    });
    give();
    return stopped;
  }

  #walk(bytes: Buffer, at: number, data: (start: number, end: number) => void): number {
    let here = at;
    while (here < bytes.length && this.#state !== 'end') {
      if (this.#state === 'data') {
        const until = Math.min(bytes.length, here + this.#left);
        this.#left -= until - here;
        if (this.#left === 0) this.#state = 'after';
        data(here, until);
        here = until;
        continue;
      }
      const end = bytes.indexOf(LF, here);
      const until = end < 0 ? bytes.length : end;
      this.#line += bytes.toString('latin1', here, until);
      if (this.#line.length > mostLine) return -1;
      if (end < 0) return until;
      here = end + 1;
      if (!this.#line.endsWith('\r')) return -1;
      const line = this.#line.slice(0, -1);
      this.#line = '';
      if (!this.#read(line)) return -1;
    }
    return here;
  }

  #read(line: string): boolean {
    switch (this.#state) {
      case 'size': {
        const size = sizeLine.exec(line)?.[1];
        if (size === undefined) return false;
        this.#left = Number.parseInt(size, 16);
        this.#state = this.#left === 0 ? 'trailers' : 'data';
        return true;
      }
      case 'after':
        this.#state = 'size';
        return line === '';
      default:
        if (line === '') this.#state = 'end';
        this.#trailers += line.length;
        return line === '' || (this.#trailers <= mostTrailers && trailerLine.test(line));
    }
  }
}
