/** The numbers of a case: drawn from its seed and id, rounded to float32, the same bits on every platform. */
import {
  createRandom,
  type HetConvPlan,
  inputShape,
  outputShape,
  pointwiseShape,
  spatialEntryExists,
  spatialShape,
} from '@hetconv/core';
import type { Pass, PlanRequest } from '@hetconv/core';
import type { FusedSpec, SpecialValue, ValueStyle } from '../cases/case.ts';

/** A tensor that has not been put on a device yet. */
export interface HostTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Everything that a case may read. Tensors that its pass does not need are drawn all the same: the order never changes. */
export interface CaseValues {
  readonly x: HostTensor;
  readonly dy: HostTensor;
  readonly pointwise: HostTensor;
  readonly spatial: HostTensor;
  readonly bias: HostTensor;
  readonly slopes: HostTensor;
}

/** What is written into entries of `spatial` that are no weights: a kernel that reads them is caught. */
const UNUSED_ENTRY = 1021;

/** Largest |integer|: sums of up to 2^17 products stay below 2^24. */
const LARGEST_INTEGER = 11;

/** 4 bits below the smallest normal number, so that products with integers up to 15 are subnormal too, and exact. */
const SUBNORMAL: number = 2 ** -130;

const DYADIC_STEP = 1 / 16;

/** A case, as far as its numbers are concerned. */
export interface ValueSource {
  readonly id: string;
  readonly seed: number;
  readonly request: PlanRequest;
  readonly style: ValueStyle;
  readonly fused?: FusedSpec;
  readonly special?: SpecialValue;
}

export function drawValues(source: ValueSource, plan: HetConvPlan): CaseValues {
  const draw = (name: string, shape: readonly number[]): HostTensor => ({
    shape,
    data: drawArray(`${source.seed}/${source.id}/${name}`, sizeOf(shape), source.style),
  });
  const channels = [plan.outChannels];
  const values: CaseValues = {
    x: draw('x', inputShape(plan)),
    dy: draw('dy', outputShape(plan)),
    pointwise: draw('pointwise', pointwiseShape(plan)),
    spatial: draw('spatial', spatialShape(plan)),
    bias: draw('bias', source.fused?.bias === 'scalar' ? [] : channels),
    slopes: drawSlopes(source, plan),
  };
  fillUnused(values.spatial.data, plan, UNUSED_ENTRY);
  if (source.special !== undefined) plant(values, plan, source.special);
  return values;
}

/** Fresh numbers for the same shapes, as a second call of the same plan would bring. */
export function redraw(value: HostTensor, seed: string, style: ValueStyle): HostTensor {
  return { shape: value.shape, data: drawArray(seed, value.data.length, style) };
}

/** The shape of a pass's result. */
export function shapeOf(pass: Pass, values: CaseValues): readonly number[] {
  const like = {
    forward: 'dy',
    inputGradient: 'x',
    pointwiseGradient: 'pointwise',
    spatialGradient: 'spatial',
  } as const;
  return values[like[pass]].shape;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}

function drawArray(seed: string, size: number, style: ValueStyle): Float32Array {
  const random = createRandom(seed);
  const step = style === 'dyadic' ? DYADIC_STEP : 1;
  const values = new Float32Array(size);
  // A plain loop: layers of networks have millions of values.
  for (let i = 0; i < size; i++) {
    values[i] =
      style === 'normal' ? random.truncatedNormal() : random.integer(-LARGEST_INTEGER, LARGEST_INTEGER) * step;
  }
  return values;
}

/** Powers of two of both signs: a product with one is exact. */
function drawSlopes(source: ValueSource, plan: HetConvPlan): HostTensor {
  const { outHeight, outWidth, outChannels } = plan;
  const image = [outHeight, outWidth, outChannels];
  const shape = { scalar: [], channel: [outChannels], image }[source.fused?.slopes ?? 'channel'];
  const random = createRandom(`${source.seed}/${source.id}/slopes`);
  const data = Float32Array.from(
    { length: sizeOf(shape) },
    () => (random.integer(0, 1) - 0.5) * 2 ** random.integer(-2, 2),
  );
  return { shape, data };
}

function fillUnused(spatial: Float32Array, plan: HetConvPlan, value: number): void {
  if (plan.inChannels % plan.part === 0) return;
  for (let i = 0; i < spatial.length; i++) if (!isWeightEntry(plan, i)) spatial[i] = value;
}

/** Whether an entry of `spatial` is a weight, or only fills the box of a ragged residue. */
function isWeightEntry(plan: HetConvPlan, index: number): boolean {
  return spatialEntryExists(plan, Math.floor(index / plan.outChannels) % plan.depth, index % plan.outChannels);
}

function plant(values: CaseValues, plan: HetConvPlan, special: SpecialValue): void {
  const { shape, data } = values[special.tensor];
  const isSubnormal = special.value === 'subnormal';
  const value = isSubnormal ? SUBNORMAL : Number(special.value);
  // Beside a normal number a subnormal one is less than its rounding.
  if (isSubnormal) clear(values, plan, special.tensor);
  if (special.at === 'unused') return fillUnused(data, plan, value);
  if (special.at === 'all') data.fill(value);
  else if (special.at === 'first') data[0] = value;
  else if (special.at === 'last') data[special.tensor === 'spatial' ? lastWeight(data, plan) : data.length - 1] = value;
  else {
    const [, height, width, channels] = shape;
    const [row, col] = {
      interior: [height >> 1, width >> 1],
      edge: [0, width >> 1],
      corner: [height - 1, width - 1],
    }[special.at];
    data[(row * width + col) * channels + (channels >> 1)] = value;
  }
}

/** Zeros in place of a tensor's numbers; for a weight tensor in both, for their products are summed. */
function clear(values: CaseValues, plan: HetConvPlan, tensor: SpecialValue['tensor']): void {
  const isWeight = tensor === 'pointwise' || tensor === 'spatial';
  for (const name of isWeight ? (['pointwise', 'spatial'] as const) : [tensor]) values[name].data.fill(0);
  fillUnused(values.spatial.data, plan, UNUSED_ENTRY);
}

function lastWeight(spatial: Float32Array, plan: HetConvPlan): number {
  return spatial.findLastIndex((_, i) => isWeightEntry(plan, i));
}
