/** Tensors that were made on another backend, or have been there in between: tfjs moves them when they are read. */
import { env, type Rank, setBackend, type Tensor, type Tensor3D, type Tensor4D } from '@tensorflow/tfjs-core';
import { hetConv2d, type HetConvOptions } from '@hetconv/core';
import type { CaseValues } from '../oracle/values.ts';
import { type CaseContext, Skipped } from '../run/context.ts';

interface Inputs {
  readonly x: Tensor4D;
  readonly pointwise: Tensor4D;
  readonly spatial: Tensor3D;
}

/** Made on the other backend. */
export async function computeForeign(
  values: CaseValues,
  options: HetConvOptions,
  context: CaseContext,
): Promise<Tensor> {
  await setBackend(requireOther(context));
  const inputs = put(values, context);
  await setBackend(context.backend);
  return run(inputs, options);
}

/** Used here, then by the other backend, then here again: what a kernel has kept of a tensor must not outlive the move. */
export async function computeTravelling(
  values: CaseValues,
  options: HetConvOptions,
  context: CaseContext,
): Promise<Tensor> {
  const other = requireOther(context);
  const inputs = put(values, context);
  run(inputs, options).dispose();
  await setBackend(other);
  run(inputs, options).dispose();
  await setBackend(context.backend);
  return run(inputs, options);
}

function requireOther({ otherBackend }: CaseContext): string {
  if (otherBackend === undefined) throw new Skipped('no second backend that tensors could come from');
  return otherBackend;
}

function put(values: CaseValues, context: CaseContext): Inputs {
  return {
    x: context.put<Rank.R4>(values.x),
    pointwise: context.put<Rank.R4>(values.pointwise),
    spatial: context.put<Rank.R3>(values.spatial),
  };
}

/** tfjs's count of data ids a kernel forgets what ops inside the kernel have moved; the count of the whole case remembers. */
function run({ x, pointwise, spatial }: Inputs, options: HetConvOptions): Tensor {
  const counting = env().getBool('IS_TEST');
  env().set('IS_TEST', false);
  try {
    return hetConv2d(x, pointwise, spatial, options);
  } finally {
    env().set('IS_TEST', counting);
  }
}
