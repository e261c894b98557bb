/**
 * The oracle: HetConv and its three gradients in float64, straight from the definition, with the sum of absolute
 * products that the error bound needs. Slow on purpose; nothing is shared with any kernel but the plan's integers.
 */
import type { HetConvPlan } from './plan.ts';
import type { ReferenceElement } from './reference-element.ts';

/** Flat NHWC data or weights in the layout of `weights.ts`. */
export type Values = ArrayLike<number>;

/** What a float32 kernel is judged against, element by element. */
export interface Reference {
  readonly values: Float64Array;
  /** Sum of |product| of each element. */
  readonly magnitudes: Float64Array;
  /** Number of products of each element that read inside the input. */
  readonly terms: Uint32Array;
}

/** One product of the definition: indices into x, y and the weight tensor that holds W[u, v, m, n]. */
type Visit = (x: number, y: number, weight: number, isAnchor: boolean) => void;

/** y of the definition; no bias, no activation. */
export function referenceForward(plan: HetConvPlan, x: Values, pointwise: Values, spatial: Values): Reference {
  const out = emptyReference(plan.batch * plan.outHeight * plan.outWidth * plan.outChannels);
  forEachProduct(plan, (xi, yi, wi, isAnchor) => accumulate(out, yi, x[xi], isAnchor ? pointwise[wi] : spatial[wi]));
  return out;
}

/** One element of {@link referenceForward}: for checking a few outputs of a layer too large to compute whole. */
export function referenceOutput(
  plan: HetConvPlan,
  x: Values,
  pointwise: Values,
  spatial: Values,
  element: number,
): ReferenceElement {
  const out = emptyReference(1);
  forEachProductOf(plan, element, (xi, wi, isAnchor) =>
    accumulate(out, 0, x[xi], isAnchor ? pointwise[wi] : spatial[wi]),
  );
  return { value: out.values[0], magnitude: out.magnitudes[0], terms: out.terms[0] };
}

/** dL/dx from dL/dy. */
export function referenceInputGradient(plan: HetConvPlan, dy: Values, pointwise: Values, spatial: Values): Reference {
  const out = emptyReference(plan.batch * plan.inHeight * plan.inWidth * plan.inChannels);
  forEachProduct(plan, (xi, yi, wi, isAnchor) => accumulate(out, xi, dy[yi], isAnchor ? pointwise[wi] : spatial[wi]));
  return out;
}

/** dL/dpointwise, shape [1, 1, M, N]. */
export function referencePointwiseGradient(plan: HetConvPlan, x: Values, dy: Values): Reference {
  const out = emptyReference(plan.inChannels * plan.outChannels);
  forEachProduct(plan, (xi, yi, wi, isAnchor) => {
    if (isAnchor) accumulate(out, wi, x[xi], dy[yi]);
  });
  return out;
}

/** dL/dspatial, shape [T, Q, N]; entries that are no weights stay exactly 0. */
export function referenceSpatialGradient(plan: HetConvPlan, x: Values, dy: Values): Reference {
  const out = emptyReference(plan.ringTaps * plan.depth * plan.outChannels);
  forEachProduct(plan, (xi, yi, wi, isAnchor) => {
    if (!isAnchor) accumulate(out, wi, x[xi], dy[yi]);
  });
  return out;
}

function emptyReference(size: number): Reference {
  return { values: new Float64Array(size), magnitudes: new Float64Array(size), terms: new Uint32Array(size) };
}

function accumulate(out: Reference, index: number, a: number, b: number): void {
  out.values[index] += a * b;
  out.magnitudes[index] += Math.abs(a * b);
  out.terms[index]++;
}

/** Every product of the definition whose x lies inside the input and whose W exists. */
function forEachProduct(plan: HetConvPlan, visit: Visit): void {
  const elements = plan.batch * plan.outHeight * plan.outWidth * plan.outChannels;
  for (let y = 0; y < elements; y++) {
    forEachProductOf(plan, y, (xi, wi, isAnchor) => visit(xi, y, wi, isAnchor));
  }
}

/** The products x[b, i*sh + u*dh - pt, j*sw + v*dw - pl, m] * W[u, v, m, n] of one element y[b, i, j, n]. */
function forEachProductOf(
  plan: HetConvPlan,
  element: number,
  visit: (x: number, weight: number, isAnchor: boolean) => void,
): void {
  const { inHeight, inWidth, inChannels: M, outChannels: N, kernelWidth, part, depth } = plan;
  const anchor = plan.anchorRow * kernelWidth + plan.anchorCol;
  const n = element % N;
  const position = Math.floor(element / N);
  const j = position % plan.outWidth;
  const i = Math.floor(position / plan.outWidth) % plan.outHeight;
  const b = Math.floor(position / plan.outWidth / plan.outHeight);
  for (let tap = 0; tap < plan.kernelHeight * kernelWidth; tap++) {
    const row = i * plan.strideHeight + Math.floor(tap / kernelWidth) * plan.dilationHeight - plan.padTop;
    const col = j * plan.strideWidth + (tap % kernelWidth) * plan.dilationWidth - plan.padLeft;
    if (row < 0 || row >= inHeight || col < 0 || col >= inWidth) continue;
    const pixel = ((b * inHeight + row) * inWidth + col) * M;
    const ring = tap < anchor ? tap : tap - 1;
    if (tap === anchor) {
      for (let m = 0; m < M; m++) visit(pixel + m, m * N + n, true);
    } else {
      for (let m = n % part, q = 0; m < M; m += part, q++) visit(pixel + m, (ring * depth + q) * N + n, false);
    }
  }
}
