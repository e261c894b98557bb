/** Faults of the gradients, and of the way kernels treat memory, inputs and earlier calls. */
import { spatialEntryExists } from '@hetconv/core';
import { type Fault, followsOtherPlan, inForward, readsOtherwise, writesOtherwise } from './fault.ts';
import { type Kernels, ORACLE, read, write } from './oracle-backend.ts';

const gradients: Fault[] = [
  followsOtherPlan('ignores the stride', 'inputGradient', () => ({ strideHeight: 1, strideWidth: 1 })),
  followsOtherPlan('pads on the wrong side', 'inputGradient', ({ padBottom, padRight }) => ({
    padTop: padBottom,
    padLeft: padRight,
  })),
  readsOtherwise('does not flip the taps', 'inputGradient', 'spatial', (spatial, { ringTaps, depth, outChannels }) => {
    const size = depth * outChannels;
    return spatial.map((_, i) => spatial[(ringTaps - 1 - Math.floor(i / size)) * size + (i % size)]);
  }),
  writesOtherwise('forgets the last row', 'inputGradient', (dx, { plan: { batch, inWidth, inChannels } }) =>
    batch === 1 ? dx.fill(0, dx.length - inWidth * inChannels) : dx,
  ),
  followsOtherPlan('reads at the corner tap', 'pointwiseGradient', () => ({ anchorRow: 0, anchorCol: 0 })),
  readsOtherwise('sums over the first image only', 'pointwiseGradient', 'dy', (dy, { batch }) =>
    batch > 1 ? dy.fill(0, dy.length / batch) : dy,
  ),
  writesOtherwise('averages instead of summing', 'pointwiseGradient', (dw, { plan: { batch } }) =>
    dw.map((value) => value / Math.max(1, batch)),
  ),
  writesOtherwise('writes entries that are no weights', 'spatialGradient', (dw, { plan }) =>
    dw.map((value, i) => {
      const { depth, outChannels } = plan;
      return spatialEntryExists(plan, Math.floor(i / outChannels) % depth, i % outChannels) ? value : 1;
    }),
  ),
  followsOtherPlan('ignores dilation', 'spatialGradient', () => ({ dilationHeight: 1, dilationWidth: 1 })),
  writesOtherwise('exchanges two taps', 'spatialGradient', (dw, { plan: { depth, outChannels, ringTaps } }) => {
    const size = depth * outChannels;
    if (ringTaps < 2) return dw;
    return dw.map((value, i) => (i < size ? dw[i + size] : i < 2 * size ? dw[i - size] : value));
  }),
];

/** Kernels that carry something from call to call. */
function stateful(): Fault[] {
  const results = new Map<string, Float32Array>();
  const filters = new Map<string, Float32Array>();
  let calls = 0;
  let sum: Float32Array = new Float32Array();
  return [
    inForward('returns an earlier result of the same plan', (call) => {
      const y = ORACLE.forward(call);
      const key = JSON.stringify([call.plan, call.activation]);
      const kept = results.get(key) ?? read(call.backend, y).slice();
      results.set(key, kept);
      call.backend.disposeIntermediateTensorInfo(y);
      return write(call.backend, y.shape, kept);
    }),
    readsOtherwise('keeps packed weights of an earlier call', 'forward', 'pointwise', (pointwise, plan) => {
      const key = JSON.stringify(plan);
      const kept = filters.get(key) ?? pointwise;
      filters.set(key, kept);
      return kept.slice();
    }),
    writesOtherwise('goes wrong in every 200th call', 'forward', (y) => {
      if (++calls % 200 === 0 && y.length > 0) y[0] += 1;
      return y;
    }),
    writesOtherwise('does not clear its accumulator', 'spatialGradient', (dw) => {
      const dirty = sum.length === dw.length ? dw.map((value, i) => value + sum[i]) : dw;
      sum = dw;
      return dirty;
    }),
  ];
}

const LEAKY: Kernels = {
  ...ORACLE,
  inputGradient: (call) => {
    write(call.backend, [1], [0]);
    return ORACLE.inputGradient(call);
  },
};

const resources: Fault[] = [
  { name: 'inputGradient: leaks a buffer', kernels: LEAKY },
  inForward('writes into its input', (call) => {
    const x = read(call.backend, call.x);
    const y = ORACLE.forward(call);
    if (x.length > 0) x[0] += 1;
    return y;
  }),
  inForward('throws for an odd number of filters', (call) => {
    if (call.plan.outChannels % 2 === 1) throw new Error('not implemented');
    return ORACLE.forward(call);
  }),
  inForward('exchanges height and width of its result', (call) => {
    const y = ORACLE.forward(call);
    const [batch, height, width, channels] = y.shape;
    return { ...y, shape: [batch, width, height, channels] };
  }),
  {
    name: 'declares a variant that never runs',
    showsAtTheEnd: true,
    kernels: {
      ...ORACLE,
      variants: [...ORACLE.variants, { name: 'forward-unreachable', pass: 'forward', accepts: () => false }],
    },
  },
  {
    name: 'declares no variant for a stride',
    kernels: {
      ...ORACLE,
      variants: ORACLE.variants.map((variant) => ({ ...variant, accepts: ({ strideHeight }) => strideHeight < 3 })),
    },
  },
];

export const OTHER_FAULTS: readonly Fault[] = [...gradients, ...stateful(), ...resources];
