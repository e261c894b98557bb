/**
 * Grouped convolution from stock tfjs ops, contiguous groups as in PyTorch and cuDNN: filter n sees the M/G channels of group
 * floor(n * G / N). A baseline to compare HetConv with; it has no kernels of its own.
 */
import { InvalidArgumentError } from '@hetconv/core';
import { concat, conv2d, depthwiseConv2d, reshape, split, type Tensor4D, tidy } from '@tensorflow/tfjs-core';

export interface GroupedConvOptions {
  readonly groups: number;
  readonly strides: readonly [number, number];
  readonly pad: 'same' | 'valid';
  readonly dilations: readonly [number, number];
}

/** @throws InvalidArgumentError where the groups do not divide both channel counts */
export function checkGroups(operation: string, groups: number, inChannels: number, outChannels: number): void {
  if (inChannels % groups === 0 && outChannels % groups === 0) return;
  const rule = `a common divisor of the ${inChannels} input and ${outChannels} output channels`;
  throw new InvalidArgumentError(operation, 'groups', groups, rule);
}

/**
 * @param x `[batch, height, width, M]`
 * @param filter `[kh, kw, M / G, N]`
 * @returns `[batch, outHeight, outWidth, N]`
 * @throws InvalidArgumentError
 */
export function groupedConv2d(x: Tensor4D, filter: Tensor4D, options: GroupedConvOptions): Tensor4D {
  const { groups, pad } = options;
  const [kernelHeight, kernelWidth, , outChannels] = filter.shape;
  const inChannels = x.shape[3];
  checkGroups('groupedConv2d', groups, inChannels, outChannels);
  const strides: [number, number] = [...options.strides];
  const dilations: [number, number] = [...options.dilations];
  return tidy((): Tensor4D => {
    if (groups === 1) return conv2d(x, filter, strides, pad, 'NHWC', dilations);
    if (groups === inChannels) {
      // The same numbers in the same order: output n of channel m is filter [.., m, n mod N/M].
      const depthwise: Tensor4D = reshape(filter, [kernelHeight, kernelWidth, inChannels, outChannels / inChannels]);
      return depthwiseConv2d(x, depthwise, strides, pad, 'NHWC', dilations);
    }
    const filters = split<Tensor4D>(filter, groups, 3);
    const parts = split<Tensor4D>(x, groups, 3).map((part, g) =>
      conv2d(part, filters[g], strides, pad, 'NHWC', dilations),
    );
    return concat(parts, 3);
  });
}
