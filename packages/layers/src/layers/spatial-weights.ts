/**
 * Regularisers and constraints on `spatial`, whose entries are not all weights where P does not divide M.
 * Those entries stay 0: tfjs's gradient of |w| is -1 at 0, so a plain L1 would move them.
 */
import { spatialMask, type WeightLayout } from '@hetconv/core';
import {
  mul,
  reshape,
  type Scalar,
  serialization,
  type Tensor,
  type Tensor3D,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Constraint, Regularizer } from './options.ts';

/** The loss of the entries that are weights. */
export function regularizeSpatial(regularizer: Regularizer, spatial: Tensor3D, layout: WeightLayout): Scalar {
  return tidy(() => regularizer.apply(keepWeights(spatial, layout)));
}

/** A kernel constraint on `spatial` as [T, 1, Q, N], so that the axes mean what they mean for a kernel. */
export class SpatialConstraint extends serialization.Serializable {
  static readonly className = 'SpatialConstraint';
  readonly #constraint: Constraint;
  readonly #layout: WeightLayout;

  constructor(constraint: Constraint, layout: WeightLayout) {
    super();
    this.#constraint = constraint;
    this.#layout = layout;
  }

  apply(w: Tensor): Tensor {
    return tidy(() => {
      const [taps, depth, filters] = w.shape;
      const bound = this.#constraint.apply(reshape(w, [taps, 1, depth, filters]));
      return keepWeights(reshape(bound, [taps, depth, filters]), this.#layout);
    });
  }

  /** Never saved: the layer saves the constraint that it was given. */
  getConfig(): serialization.ConfigDict {
    return {};
  }
}

function keepWeights(spatial: Tensor3D, layout: WeightLayout): Tensor3D {
  const { inChannels, outChannels, part } = layout;
  if (inChannels % part === 0) return spatial;
  const mask = tensor(spatialMask(layout), [1, Math.ceil(inChannels / part), outChannels]);
  return mul(spatial, mask);
}
