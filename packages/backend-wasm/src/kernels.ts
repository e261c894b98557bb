/** The kernels of the wasm backend: tensors in, addresses and prepared weights to the passes, tensors out. */
import {
  type Activation,
  type HetConvKernels,
  type HetConvPlan,
  inputShape,
  outputShape,
  pointwiseShape,
  ringTaps,
  spatialShape,
} from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { applyActivation } from './activation-pass.ts';
import { type InstructionSet, requireInstructionSet } from './host/instruction-set.ts';
import { type Runtime, runtimeOf } from './host/runtime.ts';
import { prepare, type Weights } from './lower/prepare.ts';
import { runOuter } from './outer-pass.ts';
import { runSum } from './sum-pass.ts';
import { variantsOf } from './variants.ts';

/** Bounds of the activations that are a clamp; the others follow in a pass of their own. */
const BOUNDS: Partial<Record<Activation, readonly [low: number, high: number]>> = {
  relu: [0, Infinity],
  relu6: [0, 6],
};

/**
 * The kernels for one instruction set.
 *
 * @throws UnsupportedError where the engine lacks it
 */
export function createWasmKernels(instructionSet: InstructionSet): HetConvKernels<BackendWasm> {
  requireInstructionSet(instructionSet);
  return {
    provider: `@hetconv/backend-wasm (${instructionSet})`,
    variants: variantsOf(instructionSet),

    forward({ backend, plan, x, pointwise, spatial, bias, activation, preluActivationWeights, leakyreluAlpha }) {
      const runtime = runtimeOf(backend);
      const prepared = prepare(runtime, plan, 'forward', splitWeights(runtime, plan, pointwise, spatial));
      const { host } = runtime;
      return writing(runtime, outputShape(plan), (target) => {
        const [low, high] = BOUNDS[activation] ?? [-Infinity, Infinity];
        runSum(runtime, instructionSet, {
          prepared,
          batch: plan.batch,
          source: host.addressOf(x),
          target,
          bias: bias === undefined ? 0 : host.addressOf(bias),
          low,
          high,
        });
        const slopes = preluActivationWeights === undefined ? 0 : host.addressOf(preluActivationWeights);
        applyActivation(runtime, activation, {
          address: target,
          rows: plan.batch * plan.outHeight * plan.outWidth,
          columns: plan.outChannels,
          slopes,
          leakyreluAlpha,
        });
      });
    },

    inputGradient({ backend, plan, dy, pointwise, spatial }) {
      const runtime = runtimeOf(backend);
      const prepared = prepare(runtime, plan, 'inputGradient', splitWeights(runtime, plan, pointwise, spatial));
      return writing(runtime, inputShape(plan), (target) => {
        const source = runtime.host.addressOf(dy);
        const [low, high] = [-Infinity, Infinity];
        runSum(runtime, instructionSet, { prepared, batch: plan.batch, source, target, bias: 0, low, high });
      });
    },

    pointwiseGradient({ backend, plan, x, dy }) {
      const runtime = runtimeOf(backend);
      return writing(runtime, pointwiseShape(plan), (gradient) => {
        const taps = [{ row: plan.anchorRow, col: plan.anchorCol, gradient }];
        const [xAddress, dyAddress] = [x, dy].map((tensor) => runtime.host.addressOf(tensor));
        runOuter(runtime, instructionSet, { plan, part: 1, taps, x: xAddress, dy: dyAddress });
      });
    },

    spatialGradient({ backend, plan, x, dy }) {
      const runtime = runtimeOf(backend);
      return writing(runtime, spatialShape(plan), (gradient) => {
        const tapSize = plan.depth * plan.outChannels;
        if (plan.inChannels % plan.part !== 0) {
          const start = gradient / 4;
          runtime.host.floats().fill(0, start, start + plan.ringTaps * tapSize); // entries that are no weights
        }
        const taps = ringTaps(plan).map((tap, t) => ({ ...tap, gradient: gradient + 4 * t * tapSize }));
        const [xAddress, dyAddress] = [x, dy].map((tensor) => runtime.host.addressOf(tensor));
        runOuter(runtime, instructionSet, { plan, part: plan.part, taps, x: xAddress, dy: dyAddress });
      });
    },
  };
}

/** `pointwise` [1, 1, M, N] and `spatial` [T, Q, N]. */
function splitWeights({ host }: Runtime, plan: HetConvPlan, pointwise: TensorInfo, spatial: TensorInfo): Weights {
  return {
    sources: [pointwise.dataId, spatial.dataId],
    places: () => {
      const start = host.addressOf(spatial) / 4;
      const tap = plan.depth * plan.outChannels;
      const ring = Array.from({ length: plan.ringTaps }, (_, t) => start + t * tap);
      return { anchor: host.addressOf(pointwise) / 4, ring };
    },
  };
}

/** A new tensor that `compute` fills; freed if that fails. */
function writing({ host }: Runtime, shape: number[], compute: (address: number) => void): TensorInfo {
  const output = host.output(shape, `a tensor of shape [${shape.join(', ')}]`);
  try {
    compute(host.addressOf(output));
  } catch (error) {
    host.backend.disposeData(output.dataId);
    throw error;
  }
  return output;
}
