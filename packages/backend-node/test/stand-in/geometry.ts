/** Where TensorFlow's convolutions read: sizes and pads of one call, from its attributes, with what each device refuses. */
import type { Attributes } from './attributes.ts';
import { refuse } from './tensor.ts';

export interface Axis {
  readonly inSize: number;
  readonly outSize: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

export interface Geometry {
  readonly batch: number;
  readonly rows: Axis;
  readonly cols: Axis;
  /** Channels of x. */
  readonly inChannels: number;
  /** Channels that one filter sees. */
  readonly depth: number;
  readonly filters: number;
  readonly groups: number;
}

export function geometryOf(attributes: Attributes, input: readonly number[], filter: readonly number[]): Geometry {
  const strides = pair(attributes, 'strides');
  const dilations = pair(attributes, 'dilations');
  if (attributes.data_format !== 'NHWC') refuse('the stand-in knows NHWC only');
  const [batch, height, width, inChannels] = input;
  const [kernelHeight, kernelWidth, depth, filters] = filter;
  const groups = inChannels / depth;
  if (!Number.isInteger(groups))
    refuse(`input depth must be evenly divisible by filter depth: ${inChannels} vs ${depth}`);
  if (!Number.isInteger(filters / groups))
    refuse(`filters must be evenly divisible by groups: ${filters} vs ${groups}`);
  return {
    batch,
    rows: axis(attributes, height, kernelHeight, strides[0], dilations[0], 0),
    cols: axis(attributes, width, kernelWidth, strides[1], dilations[1], 1),
    inChannels,
    depth,
    filters,
    groups,
  };
}

/** Height and width of a list of four; TensorFlow has no other steps over batch and channels than 1. */
function pair(attributes: Attributes, name: string): readonly [number, number] {
  const list = attributes[name] as readonly number[];
  if (list?.length !== 4 || list[0] !== 1 || list[3] !== 1)
    refuse(`${name} must be [1, h, w, 1], but were [${String(list)}]`);
  return [list[1], list[2]];
}

function axis(
  attributes: Attributes,
  inSize: number,
  kernel: number,
  stride: number,
  dilation: number,
  index: 0 | 1,
): Axis {
  const extent = (kernel - 1) * dilation + 1;
  const [before, after] = pads(attributes, inSize, extent, stride, index);
  const outSize = Math.floor((inSize + before + after - extent) / stride) + 1;
  if (outSize < 0) refuse('computed output size would be negative');
  return { inSize, outSize, kernel, stride, dilation, before };
}

function pads(
  { padding, explicit_paddings: given = [] }: Attributes,
  inSize: number,
  extent: number,
  stride: number,
  index: 0 | 1,
): readonly number[] {
  const list = given as readonly number[];
  if (padding !== 'EXPLICIT') {
    if (list.length > 0) refuse('explicit_paddings must be empty unless padding is EXPLICIT');
    if (padding === 'VALID') return [0, 0];
    if (padding !== 'SAME') refuse(`unknown padding ${String(padding)}`);
    const total = Math.max(0, (Math.ceil(inSize / stride) - 1) * stride + extent - inSize);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  if (list.length !== 8 || list.some((value) => value < 0))
    refuse(`explicit_paddings must be 8 sizes, but were [${list.join()}]`);
  if (list[0] + list[1] + list[6] + list[7] !== 0) refuse('explicit_paddings of batch and channels must be 0');
  return list.slice(2 + 2 * index, 4 + 2 * index);
}

/**
 * Calls `visit` for all products of a convolution whose x lies inside of the image, `count` neighbouring filters at a time: x[x] with
 * filter[weight + n], for y[y + n].
 */
export function forEachRun(
  { batch, rows, cols, inChannels, depth, filters, groups }: Geometry,
  visit: (x: number, y: number, weight: number, count: number) => void,
): void {
  const count = filters / groups;
  for (let pixel = 0; pixel < batch * rows.outSize * cols.outSize; pixel++) {
    const j = pixel % cols.outSize;
    const i = Math.floor(pixel / cols.outSize) % rows.outSize;
    const image = Math.floor(pixel / cols.outSize / rows.outSize);
    for (let tap = 0; tap < rows.kernel * cols.kernel; tap++) {
      const row = i * rows.stride + Math.floor(tap / cols.kernel) * rows.dilation - rows.before;
      const col = j * cols.stride + (tap % cols.kernel) * cols.dilation - cols.before;
      if (row < 0 || row >= rows.inSize || col < 0 || col >= cols.inSize) continue;
      const x = ((image * rows.inSize + row) * cols.inSize + col) * inChannels;
      for (let m = 0; m < inChannels; m++) {
        const first = Math.floor(m / depth) * count;
        visit(x + m, pixel * filters + first, (tap * depth + (m % depth)) * filters + first, count);
      }
    }
  }
}
