/**
 * Initialisers with an explicit seed whose draws are the same bits on every engine and backend. The stock ones draw
 * through Math.log and Math.cos, whose last digit differs between engines, and take numbers only as seeds.
 */
import { drawWeights, InvalidArgumentError, type VarianceScaling } from '@hetconv/core';
import { serialization, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { Shape } from '@tensorflow/tfjs-layers';
import { fansOfShape } from './fans.ts';
import { StockInitializer } from './stock.ts';

/** Text or a number. In a saved configuration `{ name: text }`: tfjs rewrites the case of every other string. */
export type Seed = string | number | { readonly name: string };

export interface SeededVarianceScalingArgs extends VarianceScaling {
  readonly seed: Seed;
}

/**
 * Keras's VarianceScaling with a seed: draws of variance scale / fan, uniform or normal truncated at two deviations.
 * As Keras does (and tfjs does not), the truncated normal is divided by 0.8796..., the deviation that truncation leaves.
 *
 * The fans are those of the shape, as in tf.layers; the convolution layers of this package correct them to their number
 * of real weights.
 */
export class SeededVarianceScaling extends StockInitializer {
  /** The name in saved models. */
  static readonly className = 'SeededVarianceScaling';

  readonly scheme: VarianceScaling;
  readonly seed: string;

  /** @throws InvalidArgumentError */
  constructor(args: SeededVarianceScalingArgs) {
    super();
    serialization.registerClass(SeededVarianceScaling);
    const { scale, mode, distribution, seed } = args;
    check('scale', scale, Number.isFinite(scale) && scale > 0, 'a positive number');
    check('mode', mode, ['fanIn', 'fanOut', 'fanAvg'].includes(mode), "'fanIn', 'fanOut' or 'fanAvg'");
    const distributions = ['uniform', 'truncatedNormal'];
    check('distribution', distribution, distributions.includes(distribution), "'uniform' or 'truncatedNormal'");
    const text = typeof seed === 'object' && seed !== null ? seed.name : seed;
    const isSeed = typeof text === 'string' || (typeof text === 'number' && Number.isFinite(text));
    check('seed', seed, isSeed, 'text or a finite number');
    this.scheme = { scale, mode, distribution };
    this.seed = `${text}`;
  }

  apply(shape: Shape): Tensor {
    return tensor(this.draw(shape as number[]), shape as number[], 'float32');
  }

  /** The values of a tensor of that shape. */
  draw(shape: readonly number[]): Float32Array {
    const size = shape.reduce((product, side) => product * side, 1);
    return drawWeights(size, fansOfShape(shape), this.scheme, this.seed);
  }

  override getConfig(): serialization.ConfigDict {
    return { ...this.scheme, seed: { name: this.seed } };
  }
}

function check(argument: string, got: unknown, holds: boolean, accepted: string): void {
  if (!holds) throw new InvalidArgumentError('SeededVarianceScaling', argument, got, accepted);
}

/** An initialiser of a core scheme (HE_UNIFORM, GLOROT_UNIFORM, ...) and a seed. */
export function seededInitializer(scheme: VarianceScaling, seed: string | number): SeededVarianceScaling {
  return new SeededVarianceScaling({ ...scheme, seed });
}
