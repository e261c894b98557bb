/** One pass of the operator through its public ops: what a user of tfjs would write, gradients by `tf.grad` included. */
import { grad, type Rank, type Tensor, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import {
  fused,
  type FusedHetConvOptions,
  hetConv2d,
  type HetConvOptions,
  type Pass,
  type PlanRequest,
} from '@hetconv/core';
import type { CasePass, FusedSpec } from '../cases/case.ts';
import type { CaseValues } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';

/** The tensors of a case on the backend; each is uploaded when it is first read. */
export interface OperatorInputs {
  readonly x: Tensor4D;
  readonly dy: Tensor4D;
  readonly pointwise: Tensor4D;
  readonly spatial: Tensor3D;
  readonly bias: Tensor;
  readonly slopes: Tensor;
}

export function putInputs(context: CaseContext, values: CaseValues): OperatorInputs {
  const uploaded: Partial<Record<keyof CaseValues, Tensor>> = {};
  const get = <R extends Rank>(name: keyof CaseValues, _rank?: R): Tensor<R> =>
    (uploaded[name] ??= context.put(values[name])) as Tensor<R>;
  return {
    get x() {
      return get<Rank.R4>('x');
    },
    get dy() {
      return get<Rank.R4>('dy');
    },
    get pointwise() {
      return get<Rank.R4>('pointwise');
    },
    get spatial() {
      return get<Rank.R3>('spatial');
    },
    get bias() {
      return get('bias');
    },
    get slopes() {
      return get('slopes');
    },
  };
}

/** Runs the pass; the result belongs to the context. */
export function computePass(
  context: CaseContext,
  pass: CasePass,
  request: PlanRequest,
  inputs: OperatorInputs,
  spec?: FusedSpec,
): Tensor {
  const options = operatorOptions(request);
  const { x, pointwise, spatial } = inputs;
  const gradientOf = (f: (t: Tensor) => Tensor4D, at: Tensor): Tensor => grad(f)(at, inputs.dy);
  const run = {
    forward: () => hetConv2d(x, pointwise, spatial, options),
    fused: () => fused.hetConv2d(fusedOptions(inputs, options, spec)),
    inputGradient: () => gradientOf((t) => hetConv2d(t as Tensor4D, pointwise, spatial, options), x),
    pointwiseGradient: () => gradientOf((t) => hetConv2d(x, t as Tensor4D, spatial, options), pointwise),
    spatialGradient: () => gradientOf((t) => hetConv2d(x, pointwise, t as Tensor3D, options), spatial),
    biasGradient: () => gradientOf((t) => fused.hetConv2d({ x, pointwise, spatial, bias: t, ...options }), inputs.bias),
  };
  return context.own(run[pass]());
}

/** The kernel pass that a case's pass puts to the test; the bias gradient is a sum of stock tfjs. */
export function kernelPass(pass: CasePass): Pass | undefined {
  if (pass === 'biasGradient') return undefined;
  return pass === 'fused' ? 'forward' : pass;
}

/** From a request to the options of a call. */
export function operatorOptions(request: PlanRequest): HetConvOptions {
  const { inputShape: _, outChannels: __, ...options } = request;
  return options;
}

function fusedOptions(
  inputs: OperatorInputs,
  options: HetConvOptions,
  { bias, activation, leakyreluAlpha }: FusedSpec = { bias: 'none', activation: 'linear' },
): FusedHetConvOptions<Tensor4D> {
  const { x, pointwise, spatial } = inputs;
  return {
    x,
    pointwise,
    spatial,
    activation,
    ...options,
    ...(bias === 'none' ? {} : { bias: inputs.bias }),
    ...(activation === 'prelu' ? { preluActivationWeights: inputs.slopes } : {}),
    ...(leakyreluAlpha === undefined ? {} : { leakyreluAlpha }),
  };
}
