/** The HetConv kernels of the wasm backend. */
import { type HetConvKernels, type HetConvPlan, pointwiseShape, ringTaps, spatialShape } from '@hetconv/core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Host } from './host/host.ts';
import { type InstructionSet, requireInstructionSet } from './host/instruction-set.ts';
import { runtimeOf } from './host/runtime.ts';
import type { Weights } from './lower/prepare.ts';
import { Passes } from './passes.ts';
import { variantsOf } from './variants.ts';

/**
 * The kernels for one instruction set.
 *
 * @throws UnsupportedError where the engine lacks it
 */
export function createWasmKernels(instructionSet: InstructionSet): HetConvKernels<BackendWasm> {
  requireInstructionSet(instructionSet);
  const passesOf = (backend: BackendWasm): Passes => new Passes(runtimeOf(backend), instructionSet);
  return {
    provider: `@hetconv/backend-wasm (${instructionSet})`,
    variants: variantsOf(instructionSet),

    forward({ backend, plan, x, pointwise, spatial, ...epilogue }) {
      const passes = passesOf(backend);
      return passes.forward(plan, x, splitWeights(passes.runtime.host, plan, pointwise, spatial), epilogue);
    },

    inputGradient({ backend, plan, dy, pointwise, spatial }) {
      const passes = passesOf(backend);
      return passes.inputGradient(plan, dy, splitWeights(passes.runtime.host, plan, pointwise, spatial));
    },

    pointwiseGradient({ backend, plan, x, dy }) {
      const anchor = [{ row: plan.anchorRow, col: plan.anchorCol }];
      return passesOf(backend).filterGradient(plan, 1, anchor, pointwiseShape(plan), x, dy);
    },

    spatialGradient({ backend, plan, x, dy }) {
      return passesOf(backend).filterGradient(plan, plan.part, ringTaps(plan), spatialShape(plan), x, dy);
    },
  };
}

/** `pointwise` [1, 1, M, N] and `spatial` [T, Q, N]. */
function splitWeights(host: Host, plan: HetConvPlan, pointwise: TensorInfo, spatial: TensorInfo): Weights {
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
