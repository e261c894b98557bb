/**
 * Tile by block copies. The stock kernel goes element by element; the gradient of batch normalisation tiles vectors of
 * channels over whole batches, which took a third of a training step of VGG-16-CIFAR.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { type KernelFunc, type TensorInfo, Tile, type TileAttrs, util } from '@tensorflow/tfjs-core';
import { runtimeOf } from '../host/runtime.ts';
import { replaceKernel } from './replace-kernel.ts';

export function registerTile(): void {
  replaceKernel(Tile, (stock): KernelFunc => (args) => {
    const x = args.inputs.x as TensorInfo;
    const { reps } = args.attrs as unknown as TileAttrs;
    if (x.dtype === 'string') return stock(args);
    return tile(args.backend as BackendWasm, x, reps);
  });
}

function tile(backend: BackendWasm, x: TensorInfo, reps: readonly number[]): TensorInfo {
  const { host } = runtimeOf(backend);
  const shape = x.shape.map((side, axis) => side * reps[axis]);
  const width = util.bytesPerElement(x.dtype);
  const bytes = width * util.sizeFromShape(shape);
  const source = host.addressOf(x);
  const target = host.allocate(bytes, 'a tensor');
  const output = backend.makeOutput(shape, x.dtype, target);
  if (bytes === 0) return output;

  const heap = new Uint8Array(host.memory.buffer);
  // Behind the last axis that is repeated, x is copied in one piece.
  const inner = reps.findLastIndex((times) => times !== 1) + 1;
  const piece = width * util.sizeFromShape(x.shape.slice(inner));
  /** Writes the axes from `axis` on at `to`; returns the bytes written and read. */
  const write = (axis: number, from: number, to: number): { written: number; read: number } => {
    if (axis === inner) {
      heap.copyWithin(to, from, from + piece);
      return { written: piece, read: piece };
    }
    let [written, read] = [0, 0];
    for (let i = 0; i < x.shape[axis]; i++) {
      const part = write(axis + 1, from + read, to + written);
      written += part.written;
      read += part.read;
    }
    const total = written * reps[axis];
    for (let done = written; done < total;) {
      const length = Math.min(done, total - done); // twice as much every time
      heap.copyWithin(to + done, to, to + length);
      done += length;
    }
    return { written: total, read };
  };
  write(0, source, target);
  return output;
}
