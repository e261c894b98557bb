/**
 * The composed form as kernels: HetConv on any tfjs backend that has none of ours, from its stock ops. Exact semantics;
 * about as fast as the backend's standard convolution, often faster, never a substitute for real kernels.
 */
import { type KernelBackend, type Tensor3D, type Tensor4D, type TensorInfo, tidy } from '@tensorflow/tfjs-core';
import type { HetConvKernels, Pass } from '../kernels/kernels.ts';
import type { BackendProvider } from '../kernels/provider.ts';
import { registerHetConvKernels } from '../kernels/register.ts';
import type { HetConvPlan } from '../spec/plan.ts';
import { chooseForm, type Form, type SupportsForm } from './forms.ts';
import { applyEpilogue, forward } from './forward.ts';
import { inputGradient, pointwiseGradient, spatialGradient } from './gradients.ts';

// tfjs hands kernels the tensors themselves; the type of its kernel interface says less.
const tensor3d = (info: TensorInfo): Tensor3D => info as Tensor3D;
const tensor4d = (info: TensorInfo): Tensor4D => info as Tensor4D;

const FORMS: readonly Form[] = ['depthwise', 'residues', 'dense'];
const GRADIENTS: readonly Pass[] = ['inputGradient', 'pointwiseGradient', 'spatialGradient'];

export interface ComposedOptions {
  /** The package that brings the kernels, for messages. */
  readonly provider: string;
  /** Where stock ops of this backend have gaps: which forms it computes right. 'dense' is always taken for granted. */
  readonly supports: SupportsForm;
}

/** The composed form for a backend whose stock ops cannot compute all of it. */
export function createComposedKernels({ provider, supports }: ComposedOptions): HetConvKernels {
  return {
    provider,
    variants: [
      ...FORMS.map((form) => ({
        name: `forward-composed-${form}`,
        pass: 'forward' as const,
        accepts: (plan: HetConvPlan) => chooseForm(plan, supports) === form,
      })),
      ...GRADIENTS.map((pass) => ({ name: `${pass}-composed`, pass, accepts: () => true })),
    ],
    forward: (call) =>
      tidy(() => {
        const [x, pointwise, spatial] = [tensor4d(call.x), tensor4d(call.pointwise), tensor3d(call.spatial)];
        return applyEpilogue(forward(call.plan, x, pointwise, spatial, chooseForm(call.plan, supports)), call);
      }),
    inputGradient: ({ plan, dy, pointwise, spatial }) =>
      tidy(() => inputGradient(plan, tensor4d(dy), tensor4d(pointwise), tensor3d(spatial))),
    pointwiseGradient: ({ plan, x, dy }) => tidy(() => pointwiseGradient(plan, tensor4d(x), tensor4d(dy))),
    spatialGradient: ({ plan, x, dy }) => tidy(() => spatialGradient(plan, tensor4d(x), tensor4d(dy))),
  };
}

/** Kernels made of stock tfjs ops. A backend with some kernels of its own may take the missing ones from here. */
export const composedKernels: HetConvKernels = createComposedKernels({
  provider: '@hetconv/core (composed)',
  supports: () => true,
});

/**
 * Registers the composed form for a backend: 'wasm', 'rn-webgl', or one of your own. ('tensorflow' has gaps in its stock ops:
 * @hetconv/backend-node.)
 *
 * @throws RegistrationConflictError where other HetConv kernels are registered for it
 */
export function registerComposed(backendName: string): void {
  registerHetConvKernels<KernelBackend>(backendName, composedKernels);
}

/**
 * A stock tfjs backend with the composed form, for benchmarks and the conformance suite.
 *
 * @param load imports the tfjs backend's package
 */
export function composedProvider(backendName: string, load: () => Promise<unknown>): BackendProvider {
  return {
    name: backendName,
    async prepare() {
      await load();
      registerComposed(backendName);
      return { available: true };
    },
    kernels: () => composedKernels,
  };
}
