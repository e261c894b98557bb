/** The Initializer class of tf.layers, and one that hands over what was drawn elsewhere. */
import type { serialization, Tensor } from '@tensorflow/tfjs-core';
import { initializers } from '@tensorflow/tfjs-layers';
import type { Initializer } from '../layers/options.ts';

/** tf.layers accepts only instances of its own Initializer class, which it does not export. */
export const StockInitializer: (abstract new () => Initializer) &
  Pick<typeof serialization.Serializable, 'fromConfig'> = Object.getPrototypeOf(initializers.zeros().constructor);

/** Draws nothing itself: one draw may fill several weights. Lives in `build` only and is never saved. */
export class DrawnElsewhere extends StockInitializer {
  static readonly className = 'DrawnElsewhere';
  readonly apply: () => Tensor;

  constructor(draw: () => Tensor) {
    super();
    this.apply = draw;
  }
}
