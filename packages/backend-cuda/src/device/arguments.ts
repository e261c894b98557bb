/**
 * The arguments of a kernel, laid out in native memory once: cuLaunchKernel takes a table of pointers to them. The driver copies
 * them at every launch, so the next launch may write over them.
 */
import { BLOCKS, KERNELS } from '../generated/kernels.ts';
import type { Handle } from '../driver/api.ts';
import type { Koffi } from '../driver/host.ts';

export type KernelName = keyof typeof KERNELS;

/** A parameter block by the names of its fields; array fields may be shorter than the block's, the rest is 0. */
export type BlockValues<B extends keyof typeof BLOCKS> = {
  readonly [F in keyof (typeof BLOCKS)[B]]: (typeof BLOCKS)[B][F] extends 1 ? number : readonly number[];
};

type Argument<Letter extends string> = Letter extends 'B'
  ? BlockValues<'Box'>
  : Letter extends 'P'
    ? BlockValues<'Plan'>
    : number;

type ArgumentsOf<Letters extends string> = Letters extends `${infer First}${infer Rest}`
  ? [Argument<First>, ...ArgumentsOf<Rest>]
  : [];

/** What a kernel takes, from its PTX. */
export type KernelArguments<K extends KernelName> = ArgumentsOf<(typeof KERNELS)[K][1]>;

const BLOCK_OF: Readonly<Record<string, keyof typeof BLOCKS>> = { B: 'Box', P: 'Plan' };

type Layout = readonly (readonly [field: string, words: number])[];

interface Slot {
  readonly letter: string;
  /** In 32-bit words. */
  readonly at: number;
  readonly layout: Layout;
}

export class ArgumentTable {
  /** What cuLaunchKernel is given. */
  readonly pointers: Handle;
  readonly #slots: readonly Slot[];
  readonly #ints: Int32Array;
  readonly #unsigned: Uint32Array;
  readonly #floats: Float32Array;

  constructor(koffi: typeof Koffi, kernel: KernelName) {
    const letters = Array.from(KERNELS[kernel][1]);
    let words = 2 * letters.length; // the table itself, 8 bytes an entry
    this.#slots = letters.map((letter) => {
      const layout: Layout = letter in BLOCK_OF ? Object.entries(BLOCKS[BLOCK_OF[letter]]) : [];
      const slot = { letter, at: words, layout };
      const size = layout.reduce((sum, [, count]) => sum + count, 0);
      words += Math.max(2, size + (size % 2)); // every argument on 8 bytes
      return slot;
    });
    const memory: unknown = koffi.alloc('uint64_t', words / 2);
    const bytes = koffi.view(memory, 4 * words);
    const start = koffi.address(memory);
    const table = new BigUint64Array(bytes, 0, letters.length);
    for (const [i, { at }] of this.#slots.entries()) table[i] = start + BigInt(4 * at);
    this.pointers = Number(start);
    this.#ints = new Int32Array(bytes);
    this.#unsigned = new Uint32Array(bytes);
    this.#floats = new Float32Array(bytes);
  }

  write(values: readonly unknown[]): void {
    for (const [i, { letter, at, layout }] of this.#slots.entries()) {
      const value = values[i];
      if (letter === 'i') this.#ints[at] = value as number;
      else if (letter === 'f') this.#floats[at] = value as number;
      else if (letter === 'p') this.#writePointer(at, value as Handle);
      else this.#writeBlock(at, layout, value as Readonly<Record<string, number | readonly number[]>>);
    }
  }

  #writePointer(at: number, pointer: Handle): void {
    this.#unsigned[at] = pointer % 2 ** 32;
    this.#unsigned[at + 1] = Math.floor(pointer / 2 ** 32);
  }

  #writeBlock(at: number, layout: Layout, values: Readonly<Record<string, number | readonly number[]>>): void {
    let word = at;
    for (const [field, words] of layout) {
      const value = values[field];
      if (typeof value === 'number') this.#ints[word] = value;
      else for (let i = 0; i < words; i++) this.#ints[word + i] = value[i] ?? 0;
      word += words;
    }
  }
}
