/** Bad calls, as data: each names the error code and the argument that the refusal must name. */
import type { ErrorCase } from '../case.ts';
import type { ErrorArgument, ErrorCall } from '../error-call.ts';

type Arguments = ErrorCall['arguments'];

/** A good call: 3x3, P = 2, 4 -> 6 channels. Every bad one changes what its line says. */
const GOOD: Arguments = {
  x: { shape: [1, 5, 6, 4] },
  pointwise: { shape: [1, 1, 4, 6] },
  spatial: { shape: [8, 2, 6] },
  part: 2,
  kernelSize: 3,
  pad: 'same',
};

const UNEVEN_BATCH_PAD: ErrorArgument = [
  [1, 0],
  [1, 1],
  [1, 1],
  [0, 0],
];

/** name, the argument at fault, what is changed. */
type BadCall = readonly [name: string, argument: string, change: Arguments];

const BOTH_OPERATIONS: readonly BadCall[] = [
  ['x-missing', 'x', { x: null }],
  ['x-rank-2', 'x', { x: { shape: [5, 4] } }],
  ['x-rank-5', 'x', { x: { shape: [1, 1, 5, 6, 4] } }],
  ['x-int32', 'x', { x: { shape: [1, 5, 6, 4], dtype: 'int32' } }],
  ['x-bool', 'x', { x: { shape: [1, 5, 6, 4], dtype: 'bool' } }],
  ['x-complex64', 'x', { x: { shape: [1, 5, 6, 4], dtype: 'complex64' } }],
  ['x-string', 'x', { x: { shape: [1, 5, 6, 4], dtype: 'string' } }],
  ['x-without-channels', 'input channels', { x: { shape: [1, 5, 6, 0] }, pointwise: { shape: [1, 1, 0, 6] } }],
  ['pointwise-missing', 'pointwise', { pointwise: null }],
  ['pointwise-rank-2', 'pointwise', { pointwise: { shape: [4, 6] } }],
  ['pointwise-3x3', 'pointwise', { pointwise: { shape: [3, 3, 4, 6] } }],
  ['pointwise-other-channels', 'pointwise', { pointwise: { shape: [1, 1, 5, 6] } }],
  ['pointwise-int32', 'pointwise', { pointwise: { shape: [1, 1, 4, 6], dtype: 'int32' } }],
  ['no-filters', 'output channels', { pointwise: { shape: [1, 1, 4, 0] }, spatial: { shape: [8, 2, 0] } }],
  ['spatial-missing', 'spatial', { spatial: null }],
  ['spatial-rank-4', 'spatial', { spatial: { shape: [3, 3, 2, 6] } }],
  ['spatial-with-anchor', 'spatial', { spatial: { shape: [9, 2, 6] } }],
  ['spatial-other-depth', 'spatial', { spatial: { shape: [8, 4, 6] } }],
  ['spatial-other-filters', 'spatial', { spatial: { shape: [8, 2, 5] } }],
  ['spatial-of-other-kernel', 'spatial', { kernelSize: 5 }],
  ['spatial-int32', 'spatial', { spatial: { shape: [8, 2, 6], dtype: 'int32' } }],
  ['part-0', 'part', { part: 0 }],
  ['part-negative', 'part', { part: -2 }],
  ['part-fraction', 'part', { part: 1.5 }],
  ['part-above-channels', 'part', { part: 5 }],
  ['part-nan', 'part', { part: { number: 'NaN' } }],
  ['part-text', 'part', { part: '2' }],
  ['kernel-0', 'kernelSize', { kernelSize: 0 }],
  ['kernel-fraction', 'kernelSize', { kernelSize: [3, 2.5] }],
  ['kernel-triple', 'kernelSize', { kernelSize: [3, 3, 3] }],
  ['kernel-missing', 'kernelSize', { kernelSize: null }],
  ['kernel-above-input', 'kernelSize', { kernelSize: 7, pad: 'valid', spatial: { shape: [48, 2, 6] } }],
  ['strides-0', 'strides', { strides: 0 }],
  ['strides-negative', 'strides', { strides: [1, -1] }],
  ['strides-fraction', 'strides', { strides: 1.5 }],
  ['strides-and-dilations', 'strides', { strides: 2, dilations: 2 }],
  ['strides-and-dilations-on-other-axes', 'strides', { strides: [2, 1], dilations: [1, 2] }],
  ['dilations-0', 'dilations', { dilations: 0 }],
  ['dilations-infinite', 'dilations', { dilations: { number: 'Infinity' } }],
  ['pad-unknown', 'pad', { pad: 'full' }],
  ['pad-missing', 'pad', { pad: null }],
  ['pad-negative', 'pad', { pad: -1 }],
  ['pad-fraction', 'pad', { pad: 0.5 }],
  [
    'pad-short',
    'pad',
    {
      pad: [
        [1, 1],
        [1, 1],
      ],
    },
  ],
  ['pad-on-batch', 'pad', { pad: UNEVEN_BATCH_PAD }],
  [
    'pad-negative-pair',
    'pad',
    {
      pad: [
        [0, 0],
        [-1, 1],
        [1, 1],
        [0, 0],
      ],
    },
  ],
  ['rounding-unknown', 'dimRoundingMode', { pad: 1, dimRoundingMode: 'nearest' }],
  ['rounding-with-same', 'pad', { dimRoundingMode: 'floor' }],
  ['format-unknown', 'dataFormat', { dataFormat: 'HWCN' }],
  ['format-of-other-order', 'pointwise', { dataFormat: 'NCHW' }],
];

const FUSED_ONLY: readonly BadCall[] = [
  ['bias-other-filters', 'bias', { bias: { shape: [5] } }],
  ['bias-rank-2', 'bias', { bias: { shape: [1, 6] } }],
  ['bias-int32', 'bias', { bias: { shape: [6], dtype: 'int32' } }],
  ['activation-unknown', 'activation', { activation: 'gelu' }],
  ['prelu-without-slopes', 'preluActivationWeights', { activation: 'prelu' }],
  ['slopes-without-prelu', 'preluActivationWeights', { activation: 'relu', preluActivationWeights: { shape: [6] } }],
  ['slopes-other-filters', 'preluActivationWeights', { activation: 'prelu', preluActivationWeights: { shape: [4] } }],
  ['slopes-rank-4', 'preluActivationWeights', { activation: 'prelu', preluActivationWeights: { shape: [1, 5, 6, 6] } }],
  [
    'slopes-int32',
    'preluActivationWeights',
    { activation: 'prelu', preluActivationWeights: { shape: [6], dtype: 'int32' } },
  ],
  ['alpha-nan', 'leakyreluAlpha', { activation: 'leakyrelu', leakyreluAlpha: { number: 'NaN' } }],
  ['alpha-text', 'leakyreluAlpha', { activation: 'leakyrelu', leakyreluAlpha: '0.2' }],
];

export function errorCases(seed: number): ErrorCase[] {
  const one = (operation: ErrorCall['operation'], [name, argument, change]: BadCall): ErrorCase => ({
    kind: 'error',
    id: `errors/${operation}/${name}`,
    family: 'errors',
    seed,
    call: { operation, arguments: { ...GOOD, ...change } },
    expect: { error: 'InvalidArgumentError', code: 'invalid-argument', argument },
  });
  return [
    ...BOTH_OPERATIONS.map((bad) => one('hetConv2d', bad)),
    ...[...BOTH_OPERATIONS, ...FUSED_ONLY].map((bad) => one('fused.hetConv2d', bad)),
  ];
}
