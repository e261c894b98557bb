/** What a layer with multiply-adds tells about itself. Implement it in a layer of your own to have it counted. */
import type { layers, Shape } from '@tensorflow/tfjs-layers';

/** Costs of one application of a layer to one image. */
export interface LayerCosts {
  /** Multiply-adds. */
  readonly macs: number;
  /** The same in the convention of the paper's tables: 1 MAC = 1 FLOP, plus one operation an output of a convolution. */
  readonly paperFlops: number;
  /** Real weights, biases included; filler of ragged residues is none. */
  readonly params: number;
  /** Whether the products count as those of a convolution (`convMacs`). */
  readonly isConvolution: boolean;
}

/** A layer that knows its costs. */
export interface CostedLayer extends layers.Layer {
  /** @param inputShape with every size but the batch known */
  layerCosts(inputShape: Shape): LayerCosts;
}

export function isCosted(layer: layers.Layer): layer is CostedLayer {
  return 'layerCosts' in layer && typeof layer.layerCosts === 'function';
}
