/** The binary encodings of WebAssembly that everything else is made of (core specification, chapter 5). */

/** A piece of the binary: an expression, a statement, a section. Pieces are joined, never changed. */
export type Code = readonly number[];

/** Unsigned LEB128 of an integer in [0, 2^32). */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(done ? low : low | 0x80);
    if (done) return bytes;
  }
}

/** A vector: its length, then its items. */
export function vector(items: readonly Code[]): Code {
  return [...unsigned(items.length), ...items.flat()];
}

/** Bytes with their length in front. */
export function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

/** A name: UTF-8 with its length in front. ASCII here. */
export function text(name: string): Code {
  return sized(Array.from(name, (character) => character.charCodeAt(0)));
}
