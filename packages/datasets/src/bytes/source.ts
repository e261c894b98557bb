/**
 * Where bytes come from: one view of arrays, async iterables, web streams and files. Opens nothing itself, so that
 * the readers above it run in browsers as well as in Node.
 */
import { DatasetArgumentError } from '../errors.ts';

/** A file that can be streamed. A browser's `File` is one; `fileSource` of the `./node` entry makes one from a path. */
export interface ByteFile {
  /** Stands in error messages. */
  readonly name: string;
  /** In bytes, if known: lets a wrong size be refused before the first sample is handed out. */
  readonly size?: number;
  stream(): AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;
}

/** What every reader takes. Gzip is detected and unpacked. */
export type ByteSource = Uint8Array | AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | ByteFile;

/** How a source is called in messages when it has no name. */
const UNNAMED = 'the given bytes';

/** Name, size and chunks of a source; nothing is read before the first chunk is asked for. */
export interface OpenSource {
  readonly name: string;
  readonly size: number | undefined;
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

/** @throws DatasetArgumentError for anything but a `ByteSource` */
export function openSource(operation: string, source: ByteSource): OpenSource {
  if (isBytes(source)) return { name: UNNAMED, size: source.byteLength, chunks: single(source) };
  if (isStream(source) || isAsyncIterable(source)) {
    return { name: UNNAMED, size: undefined, chunks: checked(operation, source) };
  }
  if (isFile(source)) {
    return { name: source.name, size: source.size, chunks: checked(operation, () => source.stream()) };
  }
  const rule = 'a Uint8Array, an async iterable or ReadableStream of Uint8Array, or a file { name, size?, stream() }';
  throw new DatasetArgumentError(operation, 'source', source, rule);
}

async function* single(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}

type Streamed = AsyncIterable<Uint8Array> | ReadableStream<Uint8Array>;

/** The chunks of a stream, each checked; leaving early closes the stream. */
async function* checked(
  operation: string,
  from: Streamed | (() => Streamed),
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = typeof from === 'function' ? from() : from;
  for await (const chunk of isStream(stream) ? fromStream(stream) : stream) {
    if (!isBytes(chunk)) throw new DatasetArgumentError(operation, 'a chunk of source', chunk, 'a Uint8Array');
    yield chunk;
  }
}

/** By its reader: Safari's ReadableStream cannot be iterated. */
async function* fromStream(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  let done = false;
  try {
    for (;;) {
      const next = await reader.read();
      done = next.done;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    if (!done) await reader.cancel().catch(() => undefined); // of an errored stream, the error was thrown already
  }
}

/** By tag and not by `instanceof`: bytes may come from another realm (a frame, a test environment). */
function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === '[object Uint8Array]';
}

function isStream(value: unknown): value is ReadableStream<Uint8Array> {
  return typeof value === 'object' && value !== null && 'getReader' in value;
}

function isAsyncIterable(value: unknown): value is AsyncIterable<Uint8Array> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

function isFile(value: unknown): value is ByteFile {
  return typeof value === 'object' && value !== null && 'stream' in value && 'name' in value;
}
