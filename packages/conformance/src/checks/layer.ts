/** A layer of a real network, batch and size as they are: all four passes, exactly as a whole or within the bound at single places. */
import {
  createRandom,
  errorBound,
  type HetConvPlan,
  type Pass,
  planHetConv,
  referenceInputGradientElement,
  referenceOutput,
  referencePointwiseGradientElement,
  referenceSpatialGradientElement,
  spatialEntryExists,
  type ReferenceElement,
} from '@hetconv/core';
import type { LayerCase } from '../cases/case.ts';
import { type Expected, fromExact } from '../oracle/expected.ts';
import {
  combineChannels,
  combineSpatial,
  LARGEST_FACTOR,
  projectForward,
  projectInputGradient,
  projectPointwiseGradient,
  projectSpatialGradient,
} from '../oracle/projection.ts';
import { type CaseValues, drawValues, shapeOf } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { compare, compareShape, Mismatch } from './compare.ts';
import { computePass, putInputs } from './operator.ts';
import { PASSES } from './passes.ts';

/** Values of a result that are checked one by one, first and last included. */
const SAMPLES = 64;

export async function checkLayer(test: LayerCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const values = drawValues(test, plan);
  const inputs = putInputs(context, values);
  let worst = 0;
  for (const pass of PASSES) {
    context.serving(pass, plan);
    const result = computePass(context, pass, test.request, inputs);
    compareShape(pass, result.shape, shapeOf(pass, values));
    const data = await result.data();
    if (test.style === 'integer')
      checkWhole(pass, plan, values, data as Float32Array, `${test.seed}/${test.id}/${pass}`);
    else
      worst = Math.max(
        worst,
        checkSamples(pass, plan, values, data as Float32Array, `${test.seed}/${test.id}/${pass}`),
      );
    result.dispose();
  }
  return worst;
}

/** @throws Mismatch naming the first row of channels that is wrong */
function checkWhole(pass: Pass, plan: HetConvPlan, values: CaseValues, data: Float32Array, seed: string): void {
  const random = createRandom(`${seed}/factors`);
  const channels = pass === 'inputGradient' ? plan.inChannels : plan.outChannels;
  const factors = Float64Array.from(
    { length: channels },
    () => random.integer(1, LARGEST_FACTOR) * (2 * random.integer(0, 1) - 1),
  );
  const [x, dy, pointwise, spatial] = [values.x.data, values.dy.data, values.pointwise.data, values.spatial.data];
  const projected = {
    forward: () => projectForward(plan, x, pointwise, spatial, factors),
    inputGradient: () => projectInputGradient(plan, dy, pointwise, spatial, factors),
    pointwiseGradient: () => projectPointwiseGradient(plan, x, dy, factors),
    spatialGradient: () => projectSpatialGradient(plan, x, dy, factors),
  }[pass]();
  const actual = pass === 'spatialGradient' ? combineSpatial(plan, data, factors) : combineChannels(data, factors);
  const { shape } =
    pass === 'inputGradient' ? values.x : pass === 'forward' ? values.dy : { shape: [projected.length, 1] };
  compare(`${pass}, channels combined`, actual, fromExact(shape.slice(0, -1), projected), true);
  if (pass === 'spatialGradient') requireNoGradient(plan, data);
}

/** Entries that are no weights take part in no combination. */
function requireNoGradient(plan: HetConvPlan, gradient: Float32Array): void {
  const { outChannels, depth } = plan;
  const wrong = gradient.findIndex(
    (value, i) => value !== 0 && !spatialEntryExists(plan, Math.floor(i / outChannels) % depth, i % outChannels),
  );
  if (wrong >= 0)
    throw new Mismatch(`spatialGradient: entry ${wrong} is no weight, but has the gradient ${gradient[wrong]}.`);
}

function checkSamples(pass: Pass, plan: HetConvPlan, values: CaseValues, data: Float32Array, seed: string): number {
  const random = createRandom(`${seed}/samples`);
  const indices = new Set([0, data.length - 1]);
  while (indices.size < Math.min(SAMPLES, data.length)) indices.add(random.integer(0, data.length - 1));
  const elements = [...indices].filter((index) => index >= 0 && index < data.length);
  const expected = fromElements(elements.map((index) => elementOf(pass, plan, values, index)));
  return compare(
    `${pass} at sampled places`,
    elements.map((index) => data[index]),
    expected,
    false,
  );
}

function elementOf(
  pass: Pass,
  plan: HetConvPlan,
  { x, dy, pointwise, spatial }: CaseValues,
  index: number,
): ReferenceElement {
  switch (pass) {
    case 'forward':
      return referenceOutput(plan, x.data, pointwise.data, spatial.data, index);
    case 'inputGradient':
      return referenceInputGradientElement(plan, dy.data, pointwise.data, spatial.data, index);
    case 'pointwiseGradient':
      return referencePointwiseGradientElement(plan, x.data, dy.data, index);
    default:
      return referenceSpatialGradientElement(plan, x.data, dy.data, index);
  }
}

function fromElements(elements: readonly ReferenceElement[]): Expected {
  return {
    shape: [elements.length],
    values: Float64Array.from(elements, ({ value }) => value),
    bounds: Float64Array.from(elements, ({ terms, magnitude }) => errorBound(terms, magnitude)),
    magnitudes: Float64Array.from(elements, ({ magnitude }) => magnitude),
    allowances: new Float64Array(elements.length),
  };
}
