/**
 * MaxPoolGrad from the result of the pooling: one pass over x instead of a search at each of its positions. Where values tie, the
 * first in row-major order gets the gradient, as on tfjs's other backends and in TensorFlow; the stock kernel of wasm takes the last.
 */
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import {
  backend_util,
  type KernelFunc,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core';
import { emitMaxPoolGradientKernel, type MaxPoolGradientRun } from '../emit/max-pool-gradient-kernel.ts';
import { type Runtime, runtimeOf } from '../host/runtime.ts';
import { writingAll } from './outputs.ts';
import { replaceKernel } from './replace-kernel.ts';

/** Positions of a window: a kernel has them all written out, about 60 bytes each. */
const LARGEST_WINDOW = 256;

export function registerMaxPoolGradient(): void {
  replaceKernel(MaxPoolGrad, (stock): KernelFunc => (args) => {
    const { dy, input, output } = args.inputs as Record<'dy' | 'input' | 'output', TensorInfo>;
    const { filterSize, strides, pad, dimRoundingMode } = args.attrs as unknown as MaxPoolGradAttrs;
    const info = backend_util.computePool2DInfo(
      input.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const isServed = input.dtype === 'float32' && info.filterHeight * info.filterWidth <= LARGEST_WINDOW;
    if (!isServed) return stock(args);
    return maxPoolGradient(runtimeOf(args.backend as BackendWasm), info, input, output, dy);
  });
}

function maxPoolGradient(
  runtime: Runtime,
  info: backend_util.Conv2DInfo,
  input: TensorInfo,
  output: TensorInfo,
  gradient: TensorInfo,
): TensorInfo {
  const { host, modules } = runtime;
  const { inChannels: channels, inHeight, inWidth, outHeight, outWidth } = info;
  const [x, y, dy] = [input, output, gradient].map((tensor) => host.addressOf(tensor));
  const pixel = 4 * channels;
  const rowBytes = pixel * inWidth;
  const rows = spans(outHeight, inHeight, info.strideHeight, info.filterHeight, info.padInfo.top);
  const columns = spans(outWidth, inWidth, info.strideWidth, info.filterWidth, info.padInfo.left);
  const [result] = writingAll(host, [input.shape], ([dx]) => {
    host.floats().fill(0, dx / 4, dx / 4 + util.sizeFromShape(input.shape));
    for (const down of rows) {
      for (const across of columns) {
        const key = `max pool gradient ${down.size} ${across.size}`;
        const { run } = modules.get(key, () => emitMaxPoolGradientKernel(down.size, across.size));
        for (let i = 0; i < info.batchSize * down.count; i++) {
          const [b, k] = [Math.floor(i / down.count), i % down.count];
          const from = (b * inHeight + down.first + k * info.strideHeight) * rowBytes + across.first * pixel;
          const to = ((b * outHeight + down.out + k) * outWidth + across.out) * pixel;
          const addresses = [x + from, dx + from, y + to, dy + to] as const;
          const step = info.strideWidth * pixel;
          const args: Parameters<MaxPoolGradientRun> = [across.count, channels, ...addresses, step, rowBytes];
          run(...args);
        }
      }
    }
  });
  return result;
}

/** Neighbouring windows along one axis that have the same size inside the image. */
interface Span {
  /** Their first result, and how many they are. */
  readonly out: number;
  readonly count: number;
  /** Where the first begins. */
  readonly first: number;
  readonly size: number;
}

function spans(results: number, side: number, stride: number, filter: number, pad: number): Span[] {
  const found: Span[] = [];
  for (let out = 0; out < results; out++) {
    const start = out * stride - pad;
    const first = Math.max(0, start);
    const size = Math.min(side, start + filter) - first;
    const last = found.at(-1);
    const continues = last !== undefined && last.size === size && first === last.first + last.count * stride;
    if (continues) found[found.length - 1] = { ...last, count: last.count + 1 };
    else if (size > 0) found.push({ out, count: 1, first, size });
  }
  return found;
}
