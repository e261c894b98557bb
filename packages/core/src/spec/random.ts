/**
 * Seeded random numbers that are the same bits on every engine: integer arithmetic, additions and exact scalings only,
 * no Math.log or Math.cos, whose last digit differs between engines.
 */

export interface Random {
  /** Uniform integer in [0, 2^32). */
  uint32(): number;
  /** Uniform in [0, 1), a multiple of 2^-24: exact in float32. */
  uniform(): number;
  /** Uniform integer in [low, high]. */
  integer(low: number, high: number): number;
  /** Mean 0, close to normal with variance 1, truncated at two standard deviations like Keras's initialisers (not rescaled). */
  truncatedNormal(): number;
}

/** A generator (sfc32, Chris Doty-Humphrey's PractRand) seeded by a number or by text. */
export function createRandom(seed: number | string): Random {
  let [a, b, c, counter] = [hash(`${seed}/a`), hash(`${seed}/b`), hash(`${seed}/c`), 1];
  const uint32 = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) uint32(); // mixes the seed in
  const uniform = (): number => (uint32() >>> 8) / 0x1000000;
  return {
    uint32,
    uniform,
    integer: (low, high) => low + (uint32() % (high - low + 1)),
    truncatedNormal: () => {
      for (;;) {
        let sum = -6; // the sum of twelve uniforms has mean 6 and variance 1
        for (let i = 0; i < 12; i++) sum += uniform();
        if (Math.abs(sum) <= 2) return sum;
      }
    },
  };
}

/** 32-bit FNV-1a of the UTF-16 code units. */
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
