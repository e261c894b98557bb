/** Adam with decoupled weight decay, as torch.optim.AdamW computes it. */
import { add, div, mul, sqrt, square, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { OptimizerSpec } from '../recipe/optimizer-spec.ts';
import { type Optimizer, type Parameter, type StepSize, zeroSlot } from './optimizer.ts';

type AdamSpec = Extract<OptimizerSpec, { kind: 'adam' }>;

/**
 * w -= rate * decay * w; m = b1 * m + (1 - b1) * g; v = b2 * v + (1 - b2) * g^2;
 * w -= rate / (1 - b1^t) * m / (sqrt(v) / sqrt(1 - b2^t) + epsilon), t from 1.
 * An entry whose gradient is always 0 and that starts at 0 stays 0, exactly.
 */
export function adam(parameters: readonly Parameter[], spec: AdamSpec, weightDecay: number): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = spec;
  const [means, variances] = [zeroSlot(parameters), zeroSlot(parameters)];

  const applyOne = ({ variable: w, isDecayed }: Parameter, g: Tensor, i: number, size: StepSize): void =>
    tidy(() => {
      const { learningRate, step } = size;
      const [mean, variance] = [means[i], variances[i]];
      mean.assign(add(mul(mean, beta1), mul(g, 1 - beta1)));
      variance.assign(add(mul(variance, beta2), mul(square(g), 1 - beta2)));
      const deviation = add(mul(sqrt(variance), 1 / Math.sqrt(1 - beta2 ** (step + 1))), epsilon);
      const kept = isDecayed && weightDecay !== 0 ? mul(w, 1 - learningRate * weightDecay) : w;
      w.assign(sub(kept, mul(div(mean, deviation), learningRate / (1 - beta1 ** (step + 1)))));
    });

  return {
    slots: ['mean', 'variance'],
    state: { mean: means, variance: variances },
    apply: (gradients, size) => parameters.forEach((parameter, i) => applyOne(parameter, gradients[i], i, size)),
    dispose: () => [...means, ...variances].forEach((slot) => slot.dispose()),
  };
}
