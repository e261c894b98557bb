/**
 * The known gaps of what HetConv runs on without kernels of its own: the composed form, and the stock kernels under it.
 * All are about values that are not finite.
 */
import type { HetConvKernels } from '@hetconv/core';
import type { KnownGap } from './known-gap.ts';

/** Every value of the family 'special' but -0. */
const NOT_FINITE: readonly string[] = ['NaN', '*Infinity'];

const MASKED =
  'the composed form multiplies the zeros of its masked dense filter: where a filter has no weight, NaN and infinity still spread';

/** Request and pass, then what is planted where; the strided request reads some of these places through the anchor alone. */
const COMPOSED: readonly (readonly [prefix: string, planted: string])[] = [
  ['forward/k3s1d1p2', 'in-x-*'],
  ['forward/k3s2d1p4', 'in-x-edge'],
  ['fused/k3s1d1p2', 'in-x-edge'],
  ['inputGradient/k3s1d1p2', 'in-dy-*'],
  ['inputGradient/k3s2d1p4', 'in-dy-*'],
];

const PADDING = 'stock kernels multiply padding: zero times NaN or infinity is NaN';

const COMPOSED_PADDING: readonly (readonly [prefix: string, planted: string])[] = [
  ['inputGradient/k3s1d1p2', 'in-spatial-first'],
  ['inputGradient/k3s1d1p2', 'in-spatial-last'],
  ['spatialGradient/k3s1d1p2', 'in-dy-edge'],
  ['spatialGradient/k3s1d1p2', 'in-dy-corner'],
  ['spatialGradient/k3s2d1p4', 'in-dy-corner'],
  ['inputGradient/k3s1d1p2/m6n5', 'in-spatial-all'],
  ['spatialGradient/k3s1d1p2/m6n5', 'in-dy-interior'],
];

/** The gaps of the composed form on any backend. */
export function composedGaps(backend: string): KnownGap[] {
  return [...gaps(backend, COMPOSED, MASKED), ...gaps(backend, COMPOSED_PADDING, PADDING)];
}

/** What the stock wasm kernels (XNNPACK) add to it. */
export function stockWasmGaps(backend = 'wasm'): KnownGap[] {
  const reason = "XNNPACK's relu6 clamps NaN to a number";
  return [
    ...gaps(
      backend,
      [
        ['forward', 'in-spatial-first'],
        ['forward', 'in-spatial-last'],
        ['forward', 'in-spatial-all'],
      ],
      PADDING,
    ),
    { backend, match: 'special/fused/*/relu6-bias-channel/NaN-in-bias-first/*', reason },
  ];
}

/** The gaps that are known of a backend with these kernels, before anyone has named any: those of the composed form, if they are it. */
export function builtInGaps(backend: string, kernels: HetConvKernels): KnownGap[] {
  if (!kernels.variants.every(({ name }) => name.includes('-composed'))) return [];
  return backend === 'wasm' ? [...composedGaps(backend), ...stockWasmGaps(backend)] : composedGaps(backend);
}

function gaps(backend: string, places: readonly (readonly [string, string])[], reason: string): KnownGap[] {
  return places.flatMap(([prefix, planted]) =>
    NOT_FINITE.map((value) => ({ backend, match: `special/${prefix}/*${value}-${planted}/*`, reason })),
  );
}
