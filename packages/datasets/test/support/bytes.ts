/** Byte sources and file contents for the tests: everything synthesised here, nothing taken from a set. */
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Uniform bytes from a seed (mulberry32), so that a failing case replays. */
export function randomBytes(length: number, seed: number): Uint8Array {
  let state = seed >>> 0;
  return Uint8Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) & 255;
  });
}

export function join(...parts: readonly ArrayLike<number>[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => Array.from(part)));
}

export function text(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

export function gzip(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(gzipSync(bytes));
}

/** `bytes` in chunks of the given sizes, used in turn. */
export async function* chunked(
  bytes: Uint8Array,
  sizes: readonly number[],
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length];
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Chunk sizes from one byte to more than a record; empty chunks occur. */
export const chunkSizes: fc.Arbitrary<number[]> = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 9000 })), { minLength: 1, maxLength: 6 })
  .filter((sizes) => sizes.some((size) => size > 0));

/** An NHWC image as a CIFAR record: the labels, then the three planes. */
export function cifarRecord(labels: readonly number[], pixels: Uint8Array): Uint8Array {
  const planes = [0, 1, 2].map((c) => pixels.filter((_, i) => i % 3 === c));
  return join(labels, ...planes);
}

/** A CIFAR file of random images; `labels[n]` are the label bytes of record n. */
export function cifarFile(
  labels: readonly (readonly number[])[],
  seed: number,
): { file: Uint8Array; pixels: Uint8Array } {
  const images = labels.map((_, n) => randomBytes(3072, seed + n));
  return { file: join(...labels.map((label, n) => cifarRecord(label, images[n]))), pixels: join(...images) };
}

/** An IDX file of uint8 (or of another type code). */
export function idxFile(shape: readonly number[], values: ArrayLike<number>, type = 8): Uint8Array {
  const dimensions = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  return join([0, 0, type, shape.length], dimensions, values);
}

/** A tar archive of one empty file, as `tar` writes its first header. */
export function tarHead(name: string): Uint8Array {
  const head = new Uint8Array(512);
  head.set(text(name));
  head.set(text('ustar'), 257);
  return head;
}
