/** From a forward or input-gradient call to its shader and uniforms. */
import { type Epilogue, type HetConvPlan, inputShape, outputShape } from '@hetconv/core';
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { tileChannels, tilePositions } from '../wgsl/shape.ts';
import { sumTapsText } from '../wgsl/sum-taps.ts';
import { uniformsOf } from '../wgsl/uniforms.ts';
import type { SumVariant } from '../variants.ts';
import { emptyTensor, isEmpty, zeros } from './constant.ts';
import { runShader } from './program.ts';

export interface SumCall extends Epilogue {
  readonly backend: WebGPUBackend;
  readonly plan: HetConvPlan;
  /** x, or dy for the input gradient. */
  readonly source: TensorInfo;
  readonly pointwise: TensorInfo;
  readonly spatial: TensorInfo;
}

export function runSumTaps({ name, shape }: SumVariant, call: SumCall): TensorInfo {
  const { backend, plan, source, pointwise, spatial, bias, activation, preluActivationWeights } = call;
  const goal = shape.reversed ? inputShape(plan) : outputShape(plan);
  if (isEmpty(goal)) return emptyTensor(backend, goal);
  if (isEmpty(source.shape)) return zeros(backend, goal); // only dy can be empty here, and it has no epilogue
  const epilogue = { hasBias: bias !== undefined, activation };
  const tilesDown = Math.ceil((goal[0] * goal[1] * goal[2]) / tilePositions(shape.tile));
  const tilesAcross = Math.ceil(goal[3] / tileChannels(shape.tile));
  const shader = {
    key: `${name}${epilogue.hasBias ? '-bias' : ''}-${activation}`,
    text: () => sumTapsText(shape, epilogue),
    lanes: shape.lanes,
    threads: shape.tile.across * shape.tile.down,
    groups: tilesDown * tilesAcross,
    inputs: {
      source,
      pointwise,
      ...(shape.ring === 'none' ? {} : { spatial }),
      ...(bias === undefined ? {} : { bias }),
      ...(preluActivationWeights === undefined ? {} : { slopes: preluActivationWeights }),
    },
    uniforms: uniformsOf(plan, shape.reversed, [], call.leakyreluAlpha),
  };
  return runShader(backend, shader, goal);
}
