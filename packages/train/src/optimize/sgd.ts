/** Stochastic gradient descent with momentum, as torch.optim.SGD computes it (dampening 0). */
import { add, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../recipe/optimizer-spec.ts';
import { type Optimizer, type Parameter, zeroSlot } from './optimizer.ts';

type SgdSpec = Extract<OptimizerSpec, { kind: 'sgd' }>;

/**
 * g' = g + decay * w; v = momentum * v + g'; w -= rate * v (Nesterov: w -= rate * (g' + momentum * v)).
 * An entry whose gradient is always 0 and that starts at 0 stays 0, exactly.
 */
export function sgd(parameters: readonly Parameter[], spec: SgdSpec, weightDecay: number): Optimizer {
  const { momentum, nesterov = false } = spec;
  const velocities = momentum === 0 ? [] : zeroSlot(parameters);

  const applyOne = ({ variable: w, isDecayed }: Parameter, g: Tensor, i: number, rate: number): void =>
    tidy(() => {
      const decayed = isDecayed && weightDecay !== 0 ? add(g, mul(w, weightDecay)) : g;
      let direction = decayed;
      if (momentum !== 0) {
        velocities[i].assign(add(mul(velocities[i], momentum), decayed));
        direction = nesterov ? add(decayed, mul(velocities[i], momentum)) : velocities[i];
      }
      w.assign(sub(w, mul(direction, rate)));
    });

  return {
    slots: momentum === 0 ? [] : ['momentum'],
    state: momentum === 0 ? {} : { momentum: velocities },
    apply: (gradients, { learningRate }) =>
      parameters.forEach((parameter, i) => applyOne(parameter, gradients[i], i, learningRate)),
    dispose: () => velocities.forEach((velocity) => velocity.dispose()),
  };
}
