/**
 * Between the two weight tensors of a HetConv and the dense filter of `tf.conv2d`. Stock tfjs ops throughout,
 * so that both directions are differentiable and run on every backend.
 */
import {
  concat,
  pad,
  reshape,
  slice,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  transpose,
  zeros,
} from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../errors.ts';
import { maxResidueDepth } from '../spec/channels.ts';
import { anchorIndex } from '../spec/geometry.ts';
import { type Pair, requirePair, requirePart } from '../spec/plan.ts';
import { spatialShape } from '../spec/weights.ts';

/** The weights of one HetConv layer; shapes `[1, 1, M, N]` and `[T, ceil(M / P), N]`. */
export interface HetConvWeights {
  readonly pointwise: Tensor4D;
  readonly spatial: Tensor3D;
}

/**
 * The dense filter `[kh, kw, M, N]` with zeros where a HetConv has no weight: `tf.conv2d` with it is the oracle of the op.
 *
 * @throws InvalidArgumentError
 */
export function toDense(
  pointwise: Tensor4D,
  spatial: Tensor3D,
  options: { readonly part: number; readonly kernelSize: Pair },
): Tensor4D {
  const [kernelHeight, kernelWidth] = requirePair('toDense', 'kernelSize', options.kernelSize);
  if (pointwise.rank !== 4)
    throw new InvalidArgumentError('toDense', 'pointwise', { shape: pointwise.shape }, 'of shape [1, 1, M, N]');
  const [, , inChannels, outChannels] = pointwise.shape;
  requirePart('toDense', options.part, inChannels);
  const expected = spatialShape({ kernelHeight, kernelWidth, inChannels, outChannels, part: options.part });
  if (spatial.shape.join() !== expected.join()) {
    throw new InvalidArgumentError('toDense', 'spatial', { shape: spatial.shape }, `of shape [${expected.join(', ')}]`);
  }
  return tidy(() => {
    const ring = spreadResidues(spatial, inChannels, options.part);
    return assembleTaps(pointwise, ring, kernelHeight, kernelWidth);
  });
}

/**
 * The HetConv whose weights are those of a dense filter `[kh, kw, M, N]` where a HetConv has any; the others are dropped.
 * Lossless at P = 1, and for every filter that `toDense` made with the same P.
 *
 * @throws InvalidArgumentError
 */
export function fromDense(dense: Tensor4D, options: { readonly part: number }): HetConvWeights {
  if (dense.rank !== 4)
    throw new InvalidArgumentError('fromDense', 'dense', { shape: dense.shape }, 'of shape [kh, kw, M, N]');
  const { part } = options;
  const inChannels = dense.shape[2];
  requirePart('fromDense', part, inChannels);
  return tidy(() => {
    const { pointwise, ring } = splitTaps(dense);
    return { pointwise, spatial: gatherResidues(ring, part) };
  });
}

/**
 * `[T, Q, N]` to `[T, M, N]` with zeros where m and n differ modulo P. Moves only, so that special values stay what they
 * are; pads and transpositions, because masks and gathers are slow on stock backends.
 */
export function spreadResidues(spatial: Tensor3D, inChannels: number, part: number): Tensor3D {
  const [taps, depth, outChannels] = spatial.shape;
  if (part === 1) return spatial;
  if (taps === 0) return zeros([0, inChannels, outChannels]);
  const groups = Math.ceil(outChannels / part);
  const rows = taps * depth * groups;
  const byResidue = reshape(padAxis(spatial, 2, groups * part), [rows, part, 1]);
  // Element r of a row goes to (r, r) of a P x P square: behind each element stand P zeros, the last P are cut.
  const stretched = reshape(padAxis(byResidue, 2, part + 1), [rows, part * (part + 1)]);
  const squares = reshape(slice(stretched, [0, 0], [rows, part * part]), [taps * depth, groups, part, part]);
  const dense: Tensor3D = reshape(transpose(squares, [0, 2, 1, 3]), [taps, depth * part, groups * part]);
  return slice(dense, [0, 0, 0], [taps, inChannels, outChannels]);
}

/** The inverse: `[T, M, N]` to `[T, Q, N]`, dropping what stands where m and n differ modulo P. */
function gatherResidues(ring: Tensor3D, part: number): Tensor3D {
  const [taps, inChannels, outChannels] = ring.shape;
  if (part === 1) return ring;
  const depth = maxResidueDepth(inChannels, part);
  if (taps === 0) return zeros([0, depth, outChannels]);
  const groups = Math.ceil(outChannels / part);
  const rows = taps * depth * groups;
  const framed = padAxis(padAxis(ring, 1, depth * part), 2, groups * part);
  const squares = transpose(reshape(framed, [taps * depth, part, groups, part]), [0, 2, 1, 3]);
  const stretched = padAxis(reshape(squares, [rows, part * part]), 1, part * (part + 1));
  const diagonal = slice(reshape(stretched, [rows, part, part + 1]), [0, 0, 0], [rows, part, 1]);
  const byFilter: Tensor3D = reshape(diagonal, [taps, depth, groups * part]);
  return slice(byFilter, [0, 0, 0], [taps, depth, outChannels]);
}

/** Zeros behind one axis, up to `size`. */
export function padAxis<T extends Tensor>(tensor: T, axis: number, size: number): T {
  const missing = size - tensor.shape[axis];
  if (missing === 0) return tensor;
  const paddings = tensor.shape.map((_, i): [number, number] => [0, i === axis ? missing : 0]);
  return pad<T>(tensor, paddings);
}

/** Anchor `[1, 1, M, N]` and ring `[T, M, N]` to one filter `[kh, kw, M, N]`. */
export function assembleTaps(pointwise: Tensor4D, ring: Tensor3D, kernelHeight: number, kernelWidth: number): Tensor4D {
  const [, , inChannels, outChannels] = pointwise.shape;
  const before = anchorIndex(kernelHeight) * kernelWidth + anchorIndex(kernelWidth);
  const after = kernelHeight * kernelWidth - 1 - before;
  const pieces: Tensor[] = [reshape(pointwise, [1, inChannels, outChannels])];
  if (before > 0) pieces.unshift(slice(ring, [0, 0, 0], [before, -1, -1]));
  if (after > 0) pieces.push(slice(ring, [before, 0, 0], [after, -1, -1]));
  return reshape(concat(pieces, 0), [kernelHeight, kernelWidth, inChannels, outChannels]);
}

/** The inverse of {@link assembleTaps}. */
function splitTaps(dense: Tensor4D): { readonly pointwise: Tensor4D; readonly ring: Tensor3D } {
  const [kernelHeight, kernelWidth, inChannels, outChannels] = dense.shape;
  const [row, col] = [anchorIndex(kernelHeight), anchorIndex(kernelWidth)];
  const flat: Tensor3D = reshape(dense, [kernelHeight * kernelWidth, inChannels, outChannels]);
  const before = row * kernelWidth + col;
  const pointwise = slice(dense, [row, col, 0, 0], [1, 1, -1, -1]);
  const first = slice(flat, [0, 0, 0], [before, -1, -1]);
  const last = slice(flat, [before + 1, 0, 0], [kernelHeight * kernelWidth - 1 - before, -1, -1]);
  return { pointwise, ring: before === 0 ? last : concat([first, last], 0) };
}
