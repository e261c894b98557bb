/**
 * Single elements of the oracle's gradients, for layers too large to compute whole; that of y is `referenceOutput`. Written apart
 * from `reference.ts`: it scatters each product to where it belongs, these gather what belongs to one place.
 */
import { type HetConvPlan, ringTaps, type Tap } from './plan.ts';
import type { Values } from './reference.ts';

/** One element of a {@link Reference}. */
export interface ReferenceElement {
  readonly value: number;
  /** Sum of |product|. */
  readonly magnitude: number;
  /** Number of products that read inside the input. */
  readonly terms: number;
}

/** Element [b, r, c, m] of dL/dx: the sum of dy[b, i, j, n] * W[u, v, m, n] over all taps that read x[b, r, c] for (i, j). */
export function referenceInputGradientElement(
  plan: HetConvPlan,
  dy: Values,
  pointwise: Values,
  spatial: Values,
  element: number,
): ReferenceElement {
  const { inHeight, inWidth, inChannels, outHeight, outWidth, outChannels, part, depth } = plan;
  const sum = new Sum();
  const m = element % inChannels;
  const pixel = Math.floor(element / inChannels);
  const [col, row, image] = [
    pixel % inWidth,
    Math.floor(pixel / inWidth) % inHeight,
    Math.floor(pixel / inWidth / inHeight),
  ];
  const addTap = (tap: Tap, weightOf: (n: number) => number, first: number, step: number): void => {
    const i = (row + plan.padTop - tap.row * plan.dilationHeight) / plan.strideHeight;
    const j = (col + plan.padLeft - tap.col * plan.dilationWidth) / plan.strideWidth;
    if (!Number.isInteger(i) || !Number.isInteger(j) || i < 0 || i >= outHeight || j < 0 || j >= outWidth) return;
    const at = ((image * outHeight + i) * outWidth + j) * outChannels;
    for (let n = first; n < outChannels; n += step) sum.add(dy[at + n], weightOf(n));
  };
  addTap(anchorOf(plan), (n) => pointwise[m * outChannels + n], 0, 1);
  const q = Math.floor(m / part);
  for (const [t, tap] of ringTaps(plan).entries()) {
    addTap(tap, (n) => spatial[(t * depth + q) * outChannels + n], m % part, part);
  }
  return sum;
}

/** Element [m, n] of dL/dpointwise. */
export function referencePointwiseGradientElement(
  plan: HetConvPlan,
  x: Values,
  dy: Values,
  element: number,
): ReferenceElement {
  const n = element % plan.outChannels;
  return correlate(plan, x, dy, anchorOf(plan), Math.floor(element / plan.outChannels), n);
}

/** Element [t, q, n] of dL/dspatial; 0 where it is no weight. */
export function referenceSpatialGradientElement(
  plan: HetConvPlan,
  x: Values,
  dy: Values,
  element: number,
): ReferenceElement {
  const { outChannels, depth, part, inChannels } = plan;
  const n = element % outChannels;
  const m = (Math.floor(element / outChannels) % depth) * part + (n % part);
  if (m >= inChannels) return new Sum();
  return correlate(plan, x, dy, ringTaps(plan)[Math.floor(element / outChannels / depth)], m, n);
}

/** The sum of x[b, i*sh + u*dh - pt, j*sw + v*dw - pl, m] * dy[b, i, j, n] over all images and positions. */
function correlate(plan: HetConvPlan, x: Values, dy: Values, tap: Tap, m: number, n: number): ReferenceElement {
  const { batch, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = plan;
  const sum = new Sum();
  for (let position = 0; position < batch * outHeight * outWidth; position++) {
    const [j, i] = [position % outWidth, Math.floor(position / outWidth) % outHeight];
    const row = i * plan.strideHeight + tap.row * plan.dilationHeight - plan.padTop;
    const col = j * plan.strideWidth + tap.col * plan.dilationWidth - plan.padLeft;
    if (row < 0 || row >= inHeight || col < 0 || col >= inWidth) continue;
    const image = Math.floor(position / outWidth / outHeight);
    sum.add(x[((image * inHeight + row) * inWidth + col) * inChannels + m], dy[position * outChannels + n]);
  }
  return sum;
}

function anchorOf({ anchorRow, anchorCol }: HetConvPlan): Tap {
  return { row: anchorRow, col: anchorCol };
}

class Sum implements ReferenceElement {
  value = 0;
  magnitude = 0;
  terms = 0;

  add(a: number, b: number): void {
    this.value += a * b;
    this.magnitude += Math.abs(a * b);
    this.terms++;
  }
}
