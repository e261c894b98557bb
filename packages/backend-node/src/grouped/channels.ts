/** Channels in the order of TensorFlow's groups, and back. */
import { type Rank, reshape, type Tensor, transpose } from '@tensorflow/tfjs-core';

/**
 * Channel k*P + r of the last axis goes to r*(C/P) + k: the channels of a residue lie together, as one group of a grouped convolution
 * (op-spec, identity 5). One transposition of the whole tensor.
 *
 * @param part P, a divisor of the channels C
 */
export function toGroups<R extends Rank>(tensor: Tensor<R>, part: number): Tensor<R> {
  const channels = tensor.shape.at(-1) as number;
  if (part === 1 || part === channels) return tensor;
  const rows = reshape(tensor, [tensor.size / channels, channels / part, part]);
  return reshape(transpose(rows, [0, 2, 1]), tensor.shape);
}

/** The inverse of {@link toGroups}. */
export function fromGroups<R extends Rank>(tensor: Tensor<R>, part: number): Tensor<R> {
  return toGroups(tensor, (tensor.shape.at(-1) as number) / part);
}
