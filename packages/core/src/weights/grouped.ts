/**
 * Import of foreign weights: a grouped KxK convolution plus a full 1x1 convolution of the same input - DualConv,
 * "approximate HetConv" of the PyTorch ports - is a HetConv. Nothing is lost: the own-group anchors add to the 1x1.
 */
import { add, gather, reshape, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../errors.ts';
import { blockToCyclicOrder, cyclicToBlockOrder } from '../spec/channels.ts';
import { fromDense, type HetConvWeights, spreadResidues } from './dense.ts';

/** Where the channels of group g stand: next to each other, or at g, g + G, g + 2G, ... */
export type GroupOrder = 'block' | 'cyclic';

/** A HetConv, and the channel orders between which it computes what the source did. */
export interface FoldedWeights extends HetConvWeights {
  /** Gather x's channels by it before the HetConv. The identity for cyclic groups. */
  readonly inputOrder: number[];
  /** Gather y's channels by it after the HetConv. The identity for cyclic groups. */
  readonly outputOrder: number[];
}

/**
 * Folds grouped(x) + pointwise(x) into one HetConv with P = groups.
 *
 * @param grouped `[kh, kw, M / groups, N]`; filter n sees the M / groups channels of its own group
 * @param pointwise `[1, 1, M, N]`
 * @param options.order default 'block', the order of PyTorch's `groups`
 * @throws InvalidArgumentError where groups does not divide M and N
 */
export function fromGroupedPlusPointwise(
  grouped: Tensor4D,
  pointwise: Tensor4D,
  options: { readonly groups: number; readonly order?: GroupOrder },
): FoldedWeights {
  const { groups, order = 'block' } = options;
  const [, , inChannels, outChannels] = checkShapes(grouped, pointwise, groups);
  return tidy(() => {
    const toCyclic = (channels: number): number[] =>
      order === 'block' ? blockToCyclicOrder(channels, groups) : [...Array(channels).keys()];
    const inputOrder = toCyclic(inChannels);
    const filters = toCyclic(outChannels);
    const fullPointwise = gather(gather(pointwise, inputOrder, 2), filters, 3);
    // A grouped filter is a dense one over the M / groups channels of a group: its split into anchor and ring is that of P = 1.
    const split = fromDense(gather(grouped, filters, 3), { part: 1 });
    const ownAnchor = spreadResidues(
      reshape(split.pointwise, [1, inChannels / groups, outChannels]),
      inChannels,
      groups,
    );
    return {
      pointwise: add<Tensor4D>(fullPointwise, reshape(ownAnchor, [1, 1, inChannels, outChannels])),
      spatial: split.spatial,
      inputOrder,
      outputOrder: order === 'block' ? cyclicToBlockOrder(outChannels, groups) : filters,
    };
  });
}

function checkShapes(grouped: Tensor4D, pointwise: Tensor4D, groups: number): [number, number, number, number] {
  const operation = 'fromGroupedPlusPointwise';
  if (pointwise.rank !== 4 || pointwise.shape[0] !== 1 || pointwise.shape[1] !== 1) {
    throw new InvalidArgumentError(operation, 'pointwise', { shape: pointwise.shape }, 'of shape [1, 1, M, N]');
  }
  const [, , inChannels, outChannels] = pointwise.shape;
  if (!Number.isInteger(groups) || groups < 1 || inChannels % groups !== 0 || outChannels % groups !== 0) {
    throw new InvalidArgumentError(
      operation,
      'groups',
      groups,
      `a divisor of the ${inChannels} input and ${outChannels} output channels`,
    );
  }
  if (grouped.rank !== 4 || grouped.shape[2] !== inChannels / groups || grouped.shape[3] !== outChannels) {
    const rule = `of shape [kh, kw, ${inChannels / groups}, ${outChannels}]`;
    throw new InvalidArgumentError(operation, 'grouped', { shape: grouped.shape }, rule);
  }
  return pointwise.shape;
}
