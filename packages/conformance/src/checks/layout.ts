/** Between NHWC of rank 4, in which the oracle computes, and the rank and format in which a caller holds images. */
import type { Padding } from '@hetconv/core';
import type { HostTensor } from '../oracle/values.ts';

export interface Layout {
  readonly channelsFirst: boolean;
  /** Without the batch axis. */
  readonly rank3: boolean;
}

/** An NHWC tensor as the caller holds it. */
export function toCaller({ shape, data }: HostTensor, { channelsFirst, rank3 }: Layout): HostTensor {
  const [batch, height, width, channels] = shape;
  const image = channelsFirst ? [channels, height, width] : [height, width, channels];
  const ordered = channelsFirst ? data.map((_, i) => data[swapped(i, channels, height * width)]) : data;
  return { shape: rank3 ? image : [batch, ...image], data: ordered };
}

/** The caller's numbers in NHWC order. */
export function toNhwc(
  data: ArrayLike<number>,
  [, height, width, channels]: readonly number[],
  layout: Layout,
): number[] {
  return Array.from(data, (value, i) => (layout.channelsFirst ? data[swapped(i, height * width, channels)] : value));
}

/** Explicit pads follow the order of the format's axes. */
export function padOf(pad: Padding, { channelsFirst }: Layout): Padding {
  return channelsFirst && typeof pad === 'object' ? [pad[0], pad[3], pad[1], pad[2]] : pad;
}

/** From an index into [batch, rows, cols] to the same element's index in [batch, cols, rows]. */
function swapped(index: number, rows: number, cols: number): number {
  const image = Math.floor(index / (rows * cols));
  const [row, col] = [Math.floor(index / cols) % rows, index % cols];
  return image * rows * cols + col * rows + row;
}
