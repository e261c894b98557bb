/** A pass from tensors to a tensor: what the HetConv kernels and the standard ones have in common. */
import { type Activation, type HetConvPlan, inputShape, outputShape, type Tap } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { applyActivation } from './activation-pass.ts';
import type { InstructionSet } from './host/instruction-set.ts';
import type { Runtime } from './host/runtime.ts';
import { prepare, type Weights } from './lower/prepare.ts';
import { runOuter } from './outer-pass.ts';
import { runSum } from './sum-pass.ts';

/** What follows the sum; see `Epilogue` of core. */
export interface Epilogue {
  readonly bias?: TensorInfo | undefined;
  readonly activation: Activation;
  readonly preluActivationWeights?: TensorInfo | undefined;
  readonly leakyreluAlpha: number;
}

const UNBOUNDED = [-Infinity, Infinity] as const;
/** Bounds of the activations that are a clamp; the others follow in a pass of their own. */
const BOUNDS: Partial<Record<Activation, readonly [low: number, high: number]>> = {
  relu: [0, Infinity],
  relu6: [0, 6],
};

export class Passes {
  readonly runtime: Runtime;
  readonly #instructionSet: InstructionSet;

  constructor(runtime: Runtime, instructionSet: InstructionSet) {
    this.runtime = runtime;
    this.#instructionSet = instructionSet;
  }

  forward(plan: HetConvPlan, x: TensorInfo, weights: Weights, epilogue: Epilogue): TensorInfo {
    const { host } = this.runtime;
    const { bias, activation, preluActivationWeights, leakyreluAlpha } = epilogue;
    const prepared = prepare(this.runtime, plan, 'forward', weights);
    return this.#writing(outputShape(plan), (target) => {
      const [low, high] = BOUNDS[activation] ?? UNBOUNDED;
      runSum(this.runtime, this.#instructionSet, {
        prepared,
        batch: plan.batch,
        source: host.addressOf(x),
        target,
        bias: bias === undefined ? 0 : host.addressOf(bias),
        low,
        high,
      });
      applyActivation(this.runtime, activation, {
        address: target,
        rows: plan.batch * plan.outHeight * plan.outWidth,
        columns: plan.outChannels,
        slopes: preluActivationWeights === undefined ? 0 : host.addressOf(preluActivationWeights),
        leakyreluAlpha,
      });
    });
  }

  inputGradient(plan: HetConvPlan, dy: TensorInfo, weights: Weights): TensorInfo {
    const prepared = prepare(this.runtime, plan, 'inputGradient', weights);
    return this.#writing(inputShape(plan), (target) => {
      const source = this.runtime.host.addressOf(dy);
      const [low, high] = UNBOUNDED;
      runSum(this.runtime, this.#instructionSet, { prepared, batch: plan.batch, source, target, bias: 0, low, high });
    });
  }

  /**
   * @param part P of these taps
   * @param taps in the order in which the gradient holds them, `tapSize` values each
   */
  filterGradient(
    plan: HetConvPlan,
    part: number,
    taps: readonly Tap[],
    shape: readonly number[],
    x: TensorInfo,
    dy: TensorInfo,
  ): TensorInfo {
    const { host } = this.runtime;
    const rows = Math.ceil(plan.inChannels / part);
    const tapSize = rows * plan.outChannels;
    return this.#writing(shape, (gradient) => {
      // Entries that are no weights: the kernel writes none of them.
      if (rows * part !== plan.inChannels) {
        host.floats().fill(0, gradient / 4, gradient / 4 + taps.length * tapSize);
      }
      runOuter(this.runtime, this.#instructionSet, {
        plan,
        part,
        taps: taps.map((tap, t) => ({ ...tap, gradient: gradient + 4 * t * tapSize })),
        x: host.addressOf(x),
        dy: host.addressOf(dy),
      });
    });
  }

  /** A new tensor that `compute` fills; freed if that fails. */
  #writing(shape: readonly number[], compute: (address: number) => void): TensorInfo {
    const { host } = this.runtime;
    const output = host.output(shape);
    try {
      compute(host.addressOf(output));
    } catch (error) {
      host.backend.disposeData(output.dataId);
      throw error;
    }
    return output;
  }
}
