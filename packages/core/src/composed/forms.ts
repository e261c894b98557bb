/**
 * The ways in which stock tfjs ops can compute a HetConv, and which is cheapest. All are exact for finite values;
 * `dense` multiplies the zeros of the masked filter, so an infinite input can turn into NaN there.
 */
import type { HetConvPlan } from '../spec/index.ts';
import { connectionCount } from '../spec/channels.ts';

/**
 * - `dense`: one standard convolution with the masked filter
 * - `residues`: a 1x1 convolution, and P small convolutions over every P-th channel
 * - `depthwise`: a 1x1 convolution, and ceil(M / P) depthwise convolutions over P neighbouring channels
 */
export type Form = 'dense' | 'residues' | 'depthwise';

/**
 * What an op costs beside its products, in products: a tfjs op takes about 20 microseconds on any backend
 * at some 10^10 products a second, and moving an element costs about as much as 8 products.
 */
const OP_COST = 200_000;
const MOVE_COST = 8;

/** Which forms a backend's stock ops can compute; 'dense' is always taken for granted. */
export type SupportsForm = (form: Form, plan: HetConvPlan) => boolean;

/** The form with the least estimated cost. */
export function chooseForm(plan: HetConvPlan, supports: SupportsForm = () => true): Form {
  const costs = formCosts(plan).filter(({ form }) => form === 'dense' || supports(form, plan));
  return costs.reduce((best, next) => (next.cost < best.cost ? next : best)).form;
}

/** Every form that can compute the plan, and its estimated cost in products. */
export function formCosts(plan: HetConvPlan): { readonly form: Form; readonly cost: number }[] {
  const { inChannels: M, outChannels: N, part, depth, kernelHeight, kernelWidth } = plan;
  const positions = plan.batch * plan.outHeight * plan.outWidth;
  const pixels = plan.batch * plan.inHeight * plan.inWidth;
  const taps = kernelHeight * kernelWidth;
  const buildDense = 3 * MOVE_COST * taps * M * N;
  const costs: { form: Form; cost: number }[] = [
    { form: 'dense', cost: OP_COST + buildDense + positions * taps * M * N },
  ];
  if (taps === 1 || part === 1) return costs; // nothing to save
  const residues = Math.min(part, N);
  const split = OP_COST + positions * (M * N + MOVE_COST * N);
  costs.push({
    form: 'residues',
    cost:
      split +
      4 * residues * OP_COST +
      MOVE_COST * (pixels * M + positions * N) +
      positions * taps * connectionCount(M, N, part),
  });
  costs.push({
    form: 'depthwise',
    cost: split + 4 * depth * OP_COST + MOVE_COST * (positions * taps * N * depth + pixels * M),
  });
  return costs;
}
