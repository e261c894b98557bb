/** Reads a byte source in pieces of the caller's size, after unpacking it if it is gzip. Never seeks. */
import { DataFileError } from '../errors.ts';
import { decompress } from './decompress.ts';
import { type ByteSource, openSource } from './source.ts';

const EMPTY = new Uint8Array(0);

/**
 * Opens a source; the caller closes the reader.
 *
 * @throws DatasetArgumentError for anything but a `ByteSource`
 */
export async function openBytes(operation: string, source: ByteSource): Promise<ByteReader> {
  const { name, size, chunks } = openSource(operation, source);
  const reader = new ByteReader(name, size, false, chunks);
  const [first, second] = await reader.peek(2);
  if (first !== 0x1f || second !== 0x8b) return reader;
  const unpacked = decompress(reader.rest(), 'gzip', (cause) => {
    const fault = { file: name, found: 'gzip data that does not unpack', accepted: 'a whole, undamaged gzip file' };
    return new DataFileError('corrupt-file', { ...fault, hint: 'Was the download cut off or damaged?' }, { cause });
  });
  const close = async (): Promise<void> => {
    await unpacked.return();
    await reader.close(); // a generator that was never started closes nothing by itself
  };
  return new ByteReader(name, undefined, true, unpacked, close);
}

export class ByteReader {
  /** The source's name, for messages. */
  readonly name: string;
  /** Bytes in all, where known beforehand; never for gzip. */
  readonly size: number | undefined;
  /** Whether the bytes were unpacked from gzip. */
  readonly gzip: boolean;
  readonly #chunks: AsyncGenerator<Uint8Array, void, undefined>;
  #chunk: Uint8Array = EMPTY;
  readonly #close: () => Promise<unknown>;
  #position = 0;

  constructor(
    name: string,
    size: number | undefined,
    gzip: boolean,
    chunks: AsyncGenerator<Uint8Array, void, undefined>,
    close: () => Promise<unknown> = () => chunks.return(),
  ) {
    this.name = name;
    this.size = size;
    this.gzip = gzip;
    this.#chunks = chunks;
    this.#close = close;
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** The next bytes without taking them; fewer than `length` only at the end. For short looks: it joins chunks. */
  async peek(length: number): Promise<Uint8Array> {
    while (this.#chunk.length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) break;
      this.#chunk = this.#chunk.length === 0 ? next.value : concatenate([this.#chunk, next.value]);
    }
    return this.#chunk.subarray(0, length);
  }

  /** The next bytes, in memory of their own; fewer than `length` only at the end. Allocates only what really came. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && !(await this.atEnd())) {
      const part = this.#chunk.subarray(0, missing);
      this.#chunk = this.#chunk.subarray(part.length);
      parts.push(part);
      missing -= part.length;
    }
    this.#position += length - missing;
    return concatenate(parts);
  }

  async atEnd(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  /** All that is left, chunk by chunk; this reader is not used any more. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#chunk.length > 0) yield this.#chunk;
    yield* this.#chunks;
  }

  /** Lets go of the source (a file handle, a download). Safe to call twice. */
  async close(): Promise<void> {
    await this.#close();
  }
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
