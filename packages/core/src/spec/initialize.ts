/**
 * Initial weights whose variance is right for a HetConv: the fan-in of a filter is its number of real weights,
 * M + T*M/P, not K*K*M (op-spec "Initialisation"; He et al. 2015 and Glorot & Bengio 2010 for the schemes).
 */
import { createRandom } from './random.ts';
import { fans, spatialEntryExists, spatialShape, type WeightLayout } from './weights.ts';

/** Keras's VarianceScaling: variance = scale / fan. He: scale 2, 'fanIn'. Glorot: 1, 'fanAvg'. LeCun: 1, 'fanIn'. */
export interface VarianceScaling {
  readonly scale: number;
  readonly mode: 'fanIn' | 'fanOut' | 'fanAvg';
  readonly distribution: 'uniform' | 'truncatedNormal';
}

export const HE_UNIFORM: VarianceScaling = { scale: 2, mode: 'fanIn', distribution: 'uniform' };
export const HE_NORMAL: VarianceScaling = { scale: 2, mode: 'fanIn', distribution: 'truncatedNormal' };
export const GLOROT_UNIFORM: VarianceScaling = { scale: 1, mode: 'fanAvg', distribution: 'uniform' };
export const GLOROT_NORMAL: VarianceScaling = { scale: 1, mode: 'fanAvg', distribution: 'truncatedNormal' };

/**
 * Standard deviation of `truncatedNormal`, the sum of twelve uniforms cut at 2 (exact integration of its density); draws are divided
 * by it, as Keras divides by 0.8796, that of a true normal cut there.
 */
const TRUNCATED_DEVIATION = 0.8858272683572616;

/** Draws values of variance scale / fan, the same bits for a seed on every engine. */
export function drawWeights(
  size: number,
  fan: { readonly fanIn: number; readonly fanOut: number },
  scheme: VarianceScaling,
  seed: number | string,
): Float32Array {
  const random = createRandom(seed);
  const fanOf = { fanIn: fan.fanIn, fanOut: fan.fanOut, fanAvg: (fan.fanIn + fan.fanOut) / 2 };
  const deviation = Math.sqrt(scheme.scale / Math.max(1, fanOf[scheme.mode]));
  const limit = deviation * Math.sqrt(3);
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) {
    values[i] =
      scheme.distribution === 'uniform'
        ? (2 * random.uniform() - 1) * limit
        : (random.truncatedNormal() * deviation) / TRUNCATED_DEVIATION;
  }
  return values;
}

/** Initial `pointwise` and `spatial` of a layer; entries of `spatial` that are no weights are 0. */
export function initializeHetConv(
  layout: WeightLayout,
  scheme: VarianceScaling,
  seed: number | string,
): { readonly pointwise: Float32Array; readonly spatial: Float32Array } {
  const pointwise = drawWeights(layout.inChannels * layout.outChannels, fans(layout), scheme, `${seed}/pointwise`);
  const [taps, depth, filters] = spatialShape(layout);
  const spatial = drawWeights(taps * depth * filters, fans(layout), scheme, `${seed}/spatial`);
  for (let i = 0; i < spatial.length; i++) {
    const [q, n] = [Math.floor(i / filters) % depth, i % filters];
    if (!spatialEntryExists(layout, q, n)) spatial[i] = 0;
  }
  return { pointwise, spatial };
}
