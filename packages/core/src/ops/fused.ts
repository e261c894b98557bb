/** `fused.hetConv2d`: HetConv, bias and activation in one kernel. Counterpart of `tf.fused.conv2d`. */
import {
  backend_util,
  broadcastTo,
  engine,
  type NamedTensorMap,
  prelu,
  reshape,
  type Tensor,
  type Tensor1D,
  type Tensor3D,
  type Tensor4D,
  type TensorLike,
  tidy,
} from '@tensorflow/tfjs-core';
import { InvalidArgumentError } from '../errors.ts';
import type { Activation } from '../kernels/kernels.ts';
import { FUSED_HET_CONV_2D, HET_CONV_2D } from '../kernels/names.ts';
import { checkCall, type HetConvCall, type HetConvOptions, type Images, toFloatTensor } from './arguments.ts';

/** The activations of `tf.fused.conv2d`. */
export const ACTIVATIONS: readonly Activation[] = ['linear', 'relu', 'relu6', 'prelu', 'elu', 'leakyrelu', 'sigmoid'];

const OPERATION = 'fused.hetConv2d';

/** As `hetConv2d`, and what follows the sum. */
export interface FusedHetConvOptions<T extends Images = Images> extends HetConvOptions {
  readonly x: T | TensorLike;
  readonly pointwise: Tensor4D | TensorLike;
  readonly spatial: Tensor3D | TensorLike;
  /** `[N]` or a scalar. */
  readonly bias?: Tensor | TensorLike;
  /** Default 'linear'. */
  readonly activation?: Activation;
  /** For 'prelu', and required by it: a scalar, `[N]`, or NHWC without the batch axis, broadcastable to y. */
  readonly preluActivationWeights?: Tensor;
  /** For 'leakyrelu': the slope below 0, default 0.2. */
  readonly leakyreluAlpha?: number;
}

/**
 * y = activation(hetConv2d(x, pointwise, spatial) + bias).
 *
 * Under a gradient tape, activations other than 'linear' run as ops of their own, as in `tf.fused.conv2d`,
 * so that every activation is differentiable.
 *
 * @throws InvalidArgumentError, KernelNotRegisteredError
 */
export function hetConv2d<T extends Images>(options: FusedHetConvOptions<T>): T {
  return tidy(() => {
    const { activation = 'linear', leakyreluAlpha = 0.2 } = options;
    const call = checkCall(OPERATION, options.x, options.pointwise, options.spatial, options);
    const bias = checkBias(options.bias, call);
    const slopes = checkActivation(activation, options.preluActivationWeights, leakyreluAlpha, call);

    const underTape = engine().state.gradientDepth > 0;
    const fuses = activation === 'linear' || (!underTape && (slopes === undefined || isPerChannel(slopes, call)));
    const kernelActivation = fuses ? activation : 'linear';
    const y = runKernel(call, bias, kernelActivation, fuses ? slopes : undefined, leakyreluAlpha);
    return call.restore(fuses ? y : activate(y, activation, slopes, leakyreluAlpha)) as T;
  });
}

function runKernel(
  call: HetConvCall,
  bias: Tensor | undefined,
  activation: Activation,
  slopes: Tensor | undefined,
  leakyreluAlpha: number,
): Tensor4D {
  const { plan } = call;
  if (bias === undefined && activation === 'linear') {
    return engine().runKernel<Tensor4D>(HET_CONV_2D, call.inputs(), { plan });
  }
  const inputs: NamedTensorMap = call.inputs();
  if (bias !== undefined) inputs.bias = perChannel(bias, plan.outChannels);
  if (slopes !== undefined) inputs.preluActivationWeights = perChannel(slopes, plan.outChannels);
  return engine().runKernel<Tensor4D>(FUSED_HET_CONV_2D, inputs, { plan, activation, leakyreluAlpha });
}

function activate(y: Tensor4D, activation: Activation, slopes: Tensor | undefined, leakyreluAlpha: number): Tensor4D {
  if (slopes !== undefined) return prelu<Tensor>(y, slopes) as Tensor4D;
  return backend_util.applyActivation(y, activation, undefined, leakyreluAlpha) as Tensor4D;
}

function checkBias(value: Tensor | TensorLike | undefined, call: HetConvCall): Tensor | undefined {
  if (value === undefined || value === null) return undefined;
  const bias = toFloatTensor(OPERATION, 'bias', value);
  if (!isPerChannel(bias, call) || bias.rank > 1) {
    throw new InvalidArgumentError(
      OPERATION,
      'bias',
      { shape: bias.shape },
      `a scalar or of shape [${call.plan.outChannels}]`,
    );
  }
  return bias;
}

function checkActivation(
  activation: Activation,
  slopes: Tensor | undefined,
  leakyreluAlpha: number,
  call: HetConvCall,
): Tensor | undefined {
  if (!ACTIVATIONS.includes(activation)) {
    throw new InvalidArgumentError(OPERATION, 'activation', activation, `one of ${ACTIVATIONS.join(', ')}`);
  }
  if (!Number.isFinite(leakyreluAlpha)) {
    throw new InvalidArgumentError(OPERATION, 'leakyreluAlpha', leakyreluAlpha, 'a finite number');
  }
  if ((activation === 'prelu') !== (slopes !== undefined && slopes !== null)) {
    throw new InvalidArgumentError(
      OPERATION,
      'preluActivationWeights',
      slopes == null ? slopes : 'a tensor',
      "given exactly when activation is 'prelu'",
    );
  }
  if (activation !== 'prelu') return undefined;
  const checked = toFloatTensor(OPERATION, 'preluActivationWeights', slopes as Tensor);
  const full = [call.plan.outHeight, call.plan.outWidth, call.plan.outChannels];
  const aligned = full.slice(full.length - checked.rank);
  const broadcasts = checked.rank <= 3 && checked.shape.every((size, axis) => size === 1 || size === aligned[axis]);
  if (!broadcasts) {
    const rule = `broadcastable to [${full.join(', ')}]`;
    throw new InvalidArgumentError(OPERATION, 'preluActivationWeights', { shape: checked.shape }, rule);
  }
  return checked;
}

/** One value, or one value a channel: what kernels take. */
function isPerChannel(value: Tensor, call: HetConvCall): boolean {
  return (
    value.size === 1 || (value.size === call.plan.outChannels && value.shape[value.rank - 1] === call.plan.outChannels)
  );
}

function perChannel(value: Tensor, channels: number): Tensor1D {
  if (value.rank === 1 && value.size === channels) return value as Tensor1D;
  return value.size === channels ? reshape(value, [channels]) : broadcastTo(reshape(value, [1]), [channels]);
}
