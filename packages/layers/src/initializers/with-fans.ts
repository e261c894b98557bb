/**
 * The right variance where tf.layers would count weights that do not exist. Its initialisers read the fan-in off the shape
 * of the tensor; a HetConv, a grouped or a depthwise filter has fewer real weights than that.
 */
import { initializers } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../layers/options.ts';
import { type Fans, fansOfShape } from './fans.ts';
import { SeededVarianceScaling } from './seeded.ts';

/**
 * The initialiser that draws, on a tensor of the given shape, with the variance of the real fans.
 * Initialisers that do not scale with a fan (zeros, randomNormal, orthogonal, ...) are returned as they are.
 *
 * @param branch tells two tensors of one layer apart, so that one seed does not fill both with the same numbers
 */
export function withFans(
  initializer: Initializer,
  shape: readonly number[],
  real: Fans,
  branch?: { readonly name: string; readonly index: number },
): Initializer {
  const ratio = (mode: string): number => fanOf(fansOfShape(shape), mode) / fanOf(real, mode);
  if (initializer instanceof SeededVarianceScaling) {
    const { scheme, seed } = initializer;
    return new SeededVarianceScaling({
      ...scheme,
      scale: scheme.scale * ratio(scheme.mode),
      seed: branch === undefined ? seed : `${seed}/${branch.name}`,
    });
  }
  // GlorotUniform, HeNormal and their kin all go by this name, as in Keras.
  if (initializer.getClassName() !== 'VarianceScaling') return initializer;
  const { scale, mode, distribution, seed } = initializer.getConfig() as StockConfig;
  return initializers.varianceScaling({
    scale: scale * ratio(mode),
    mode,
    distribution,
    ...(seed == null ? {} : { seed: seed + (branch?.index ?? 0) }),
  });
}

type StockArgs = Required<Parameters<typeof initializers.varianceScaling>[0]>;
type StockConfig = Pick<StockArgs, 'scale' | 'mode' | 'distribution'> & { readonly seed?: number | null };

function fanOf({ fanIn, fanOut }: Fans, mode: string): number {
  const fan = mode === 'fanIn' ? fanIn : mode === 'fanOut' ? fanOut : (fanIn + fanOut) / 2;
  return Math.max(1, fan);
}
