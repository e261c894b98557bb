/** `hetConv2d`: the operator, unfused. Counterpart of `tf.conv2d`. */
import { engine, type Tensor3D, type Tensor4D, type TensorLike, tidy } from '@tensorflow/tfjs-core';
import { HET_CONV_2D } from '../kernels/names.ts';
import { checkCall, type HetConvOptions, type Images } from './arguments.ts';

/**
 * Heterogeneous-kernel 2-D convolution (Singh et al., CVPR 2019, section 3.1).
 *
 * Filter n holds KxK kernels on the input channels m = n (mod P) and 1x1 kernels, at the anchor tap, on all others. The
 * result equals `tf.conv2d` with the dense filter that is zero elsewhere; M*N*(1 + T/P) products per position are computed,
 * with T = K*K - 1. Differentiable in x, pointwise and spatial, dilation included.
 *
 * ```ts
 * const y = hetConv2d(x, pointwise, spatial, { part: 4, kernelSize: 3, pad: 'same' });
 * ```
 *
 * @param x `[batch, height, width, M]` or `[height, width, M]`, float32 (channels first for 'NCHW')
 * @param pointwise `[1, 1, M, N]`: the anchor tap of every kernel
 * @param spatial `[T, ceil(M / P), N]`: the other taps, row-major; entry [t, q, n] reads channel q*P + (n mod P)
 * @returns `[batch, outHeight, outWidth, N]`, of x's rank and data format
 * @throws InvalidArgumentError, KernelNotRegisteredError
 */
export function hetConv2d<T extends Images>(
  x: T | TensorLike,
  pointwise: Tensor4D | TensorLike,
  spatial: Tensor3D | TensorLike,
  options: HetConvOptions,
): T {
  return tidy(() => {
    const call = checkCall('hetConv2d', x, pointwise, spatial, options);
    const y: Tensor4D = engine().runKernel(HET_CONV_2D, call.inputs(), { plan: call.plan });
    return call.restore(y) as T;
  });
}
