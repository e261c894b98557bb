/** Faults of the forward pass that kernel writers really make. */
import { type HetConvPlan, spatialEntryExists } from '@hetconv/core';
import {
  type Fault,
  followsOtherPlan,
  forgetsBias,
  inForward,
  readsOtherwise,
  roundToHalf,
  writesOtherwise,
} from './fault.ts';
import { ORACLE, read, write } from './oracle-backend.ts';

/** Zeroes the entries of `spatial` for which the condition holds. */
function without(drop: (t: number, q: number, n: number, plan: HetConvPlan) => boolean) {
  return (spatial: Float32Array, plan: HetConvPlan): Float32Array => {
    const { depth, outChannels } = plan;
    return spatial.map((value, i) => {
      const [t, q, n] = [Math.floor(i / (depth * outChannels)), Math.floor(i / outChannels) % depth, i % outChannels];
      return drop(t, q, n, plan) ? 0 : value;
    });
  };
}

/** Pixels of x for which the condition holds, as if they were not there. */
function blind(hidden: (row: number, col: number, plan: HetConvPlan) => boolean) {
  return (x: Float32Array, plan: HetConvPlan): Float32Array => {
    const { inChannels, inWidth, inHeight } = plan;
    return x.map((value, i) => {
      const pixel = Math.floor(i / inChannels);
      return hidden(Math.floor(pixel / inWidth) % inHeight, pixel % inWidth, plan) ? 0 : value;
    });
  };
}

const sums: Fault[] = [
  readsOtherwise(
    'drops the last tap',
    'forward',
    'spatial',
    without((t, _q, _n, { ringTaps }) => t === ringTaps - 1),
  ),
  readsOtherwise(
    'drops the last channel of a residue',
    'forward',
    'spatial',
    without((_t, q, _n, { depth }) => q > 0 && q === depth - 1),
  ),
  readsOtherwise(
    'leaves the ring out of the last filter',
    'forward',
    'spatial',
    without((_t, _q, n, { outChannels }) => n > 0 && n === outChannels - 1),
  ),
  readsOtherwise(
    'leaves the ring out of a ragged quad',
    'forward',
    'spatial',
    without((_t, _q, n, { outChannels }) => n >= outChannels - (outChannels % 4)),
  ),
  readsOtherwise('takes the wrong residue', 'forward', 'spatial', (spatial, { outChannels, part }) =>
    part === 1 ? spatial : spatial.map((_, i) => spatial[i % outChannels === 0 ? i : i - 1]),
  ),
  readsOtherwise(
    'reads entries that are no weights',
    'forward',
    'pointwise',
    (pointwise, plan, { backend, spatial }) => {
      const ring = read(backend, spatial);
      const last = (plan.depth - 1) * plan.outChannels;
      for (let n = 0; n < plan.outChannels && ring.length > 0; n++) {
        if (!spatialEntryExists(plan, plan.depth - 1, n)) pointwise[n] += ring[last + n];
      }
      return pointwise;
    },
  ),
  readsOtherwise(
    'forgets the last row of the input',
    'forward',
    'x',
    blind((row, _col, { inHeight }) => row > 0 && row === inHeight - 1),
  ),
  readsOtherwise(
    'forgets the last column of the input',
    'forward',
    'x',
    blind((_row, col, { inWidth }) => col > 0 && col === inWidth - 1),
  ),
  readsOtherwise('uses the first image for the whole batch', 'forward', 'x', (x, { batch }) =>
    x.map((_, i) => x[i % (x.length / batch)]),
  ),
  readsOtherwise('multiplies in half precision', 'forward', 'x', (x) => x.map(roundToHalf)),
  writesOtherwise('rounds the result to half precision', 'forward', (y) => y.map(roundToHalf)),
  writesOtherwise('misses the last position', 'forward', (y, { plan }) =>
    y.map((value, i) => (i < y.length - plan.outChannels ? value : 0)),
  ),
  writesOtherwise('is wrong in the last lane beyond 8 positions', 'forward', (y, { plan }) =>
    y.map((value, i) => (plan.outHeight * plan.outWidth === 9 && i === y.length - 1 ? value + 1 : value)),
  ),
];

const windows: Fault[] = [
  followsOtherPlan('exchanges the strides', 'forward', ({ strideHeight, strideWidth }) => ({
    strideHeight: strideWidth,
    strideWidth: strideHeight,
  })),
  followsOtherPlan('exchanges the dilations', 'forward', ({ dilationHeight, dilationWidth }) => ({
    dilationHeight: dilationWidth,
    dilationWidth: dilationHeight,
  })),
  followsOtherPlan('ignores dilation', 'forward', () => ({ dilationHeight: 1, dilationWidth: 1 })),
  followsOtherPlan('exchanges the pads', 'forward', ({ padTop, padLeft }) => ({ padTop: padLeft, padLeft: padTop })),
  followsOtherPlan('pads at the bottom what belongs on top', 'forward', ({ padTop, padBottom }) => ({
    padTop: padBottom,
    padBottom: padTop,
  })),
  followsOtherPlan('has its anchor in the corner', 'forward', () => ({ anchorRow: 0, anchorCol: 0 })),
  followsOtherPlan('rounds the anchor of even kernels up', 'forward', ({ kernelHeight, kernelWidth }) => ({
    anchorRow: kernelHeight >> 1,
    anchorCol: kernelWidth >> 1,
  })),
  inForward('samples the 1x1 kernels at the corner of the stride', (call) => {
    const { plan, backend } = call;
    const spatial = write(backend, call.spatial.shape, new Float32Array(read(backend, call.spatial).length));
    const pointwise = write(backend, call.pointwise.shape, new Float32Array(read(backend, call.pointwise).length));
    const linear = { backend, plan, x: call.x, activation: 'linear', leakyreluAlpha: 0 } as const;
    // The trap of the specification: the two branches apart, the 1x1 without the window's padding.
    const alone = {
      ...plan,
      padTop: plan.anchorRow * plan.dilationHeight,
      padLeft: plan.anchorCol * plan.dilationWidth,
    };
    const ring = ORACLE.forward({ ...linear, pointwise, spatial: call.spatial });
    const mixed = ORACLE.forward({ ...linear, plan: alone, pointwise: call.pointwise, spatial });
    const y = read(backend, ring).map((value, i) => value + read(backend, mixed)[i]);
    for (const each of [spatial, pointwise, ring, mixed]) backend.disposeIntermediateTensorInfo(each);
    const isPlain = call.bias === undefined && call.activation === 'linear';
    return isPlain ? write(backend, ring.shape, y) : ORACLE.forward(call);
  }),
  inForward('multiplies padding', (call) => {
    const { plan, backend } = call;
    const [height, width] = [plan.inHeight + plan.padTop + plan.padBottom, plan.inWidth + plan.padLeft + plan.padRight];
    const padded = new Float32Array(plan.batch * height * width * plan.inChannels);
    const row = plan.inWidth * plan.inChannels;
    const x = read(backend, call.x);
    for (let i = 0; i < plan.batch * plan.inHeight; i++) {
      const [image, at] = [Math.floor(i / plan.inHeight), (i % plan.inHeight) + plan.padTop];
      padded.set(x.subarray(i * row, (i + 1) * row), ((image * height + at) * width + plan.padLeft) * plan.inChannels);
    }
    const whole = { ...plan, inHeight: height, inWidth: width, padTop: 0, padBottom: 0, padLeft: 0, padRight: 0 };
    const input = write(backend, [plan.batch, height, width, plan.inChannels], padded);
    const y = ORACLE.forward({ ...call, plan: whole, x: input });
    backend.disposeIntermediateTensorInfo(input);
    return y;
  }),
];

const epilogues: Fault[] = [
  forgetsBias(),
  readsOtherwise('shifts the bias by a channel', 'forward', 'bias', (bias) =>
    bias.map((_, i) => bias[(i + 1) % bias.length]),
  ),
  inForward('runs relu for relu6', (call) =>
    ORACLE.forward({ ...call, activation: call.activation === 'relu6' ? 'relu' : call.activation }),
  ),
  inForward('activates before the bias', (call) => {
    const { bias, backend, plan } = call;
    if (bias === undefined) return ORACLE.forward(call);
    const { bias: _, ...unbiased } = call;
    const y = ORACLE.forward(unbiased);
    const sum = read(backend, y).map((value, i) => value + read(backend, bias)[i % plan.outChannels]);
    backend.disposeIntermediateTensorInfo(y);
    return write(backend, y.shape, sum);
  }),
  inForward('has a fixed slope for leakyrelu', (call) => ORACLE.forward({ ...call, leakyreluAlpha: 0.2 })),
  readsOtherwise('uses one slope for prelu', 'forward', 'preluActivationWeights', (slopes) => slopes.fill(slopes[0])),
  writesOtherwise('approximates the sigmoid', 'forward', (y, { activation }) =>
    activation === 'sigmoid' ? y.map((value) => value * (1 + 2 ** -19)) : y,
  ),
  writesOtherwise('swallows NaN', 'forward', (y) => y.map((value) => (Number.isNaN(value) ? 0 : value))),
  writesOtherwise('clamps infinity', 'forward', (y) => y.map((value) => Math.max(-3e38, Math.min(3e38, value)))),
];

export const FORWARD_FAULTS: readonly Fault[] = [...sums, ...windows, ...epilogues];
