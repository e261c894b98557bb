/** Gzip and zlib by the platform's DecompressionStream (browsers, Node, Deno, Bun): no inflater of our own. */

/**
 * The unpacked bytes. An error of `chunks` itself passes through unchanged; data that does not unpack becomes `failure(cause)`.
 * Leaving early closes `chunks`.
 */
export async function* decompress(
  chunks: AsyncIterator<Uint8Array>,
  format: 'gzip' | 'deflate',
  failure: (cause: unknown) => Error,
): AsyncGenerator<Uint8Array, void, undefined> {
  let upstream: { readonly error: unknown } | undefined;
  let cancelled = false;
  const packed = new ReadableStream<BufferSource>({
    async pull(controller) {
      const next = await chunks.next().catch((error: unknown) => {
        upstream = { error };
        throw error;
      });
      if (cancelled) return; // while this waited: the inflater had enough
      if (next.done === true) controller.close();
      else controller.enqueue(ownBuffer(next.value));
    },
    async cancel() {
      cancelled = true;
      await chunks.return?.();
    },
  });
  const reader = packed.pipeThrough(new DecompressionStream(format)).getReader();
  try {
    for (;;) {
      const next = await reader.read().catch((cause: unknown) => {
        throw upstream === undefined ? failure(cause) : upstream.error;
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // a failed stream rejects: its error is on its way already
    await chunks.return?.(); // not every platform cancels a source through a DecompressionStream
  }
}

/** Streams refuse chunks over shared memory; others pass as they are. */
function ownBuffer(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
