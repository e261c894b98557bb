/**
 * Relations between results of the backend itself, exact on integers. They need no oracle, and so no opinion on what is right: a
 * backend that shares a mistake with the oracle can still break them.
 */
import { planHetConv, type PlanRequest } from '@hetconv/core';
import type { MetamorphicCase } from '../cases/case.ts';
import { type CaseValues, drawValues, redraw } from '../oracle/values.ts';
import type { CaseContext } from '../run/context.ts';
import { checkRotation } from './metamorphic-channels.ts';
import { checkBatchSplit, checkNchw, checkTranslation } from './metamorphic-images.ts';
import { requireSame, type Trial } from './metamorphic-trial.ts';
import { computePass, putInputs } from './operator.ts';

type Relation = MetamorphicCase['relation'];

const RELATIONS: Readonly<Record<Relation, (trial: Trial) => Promise<void>>> = {
  'linear-in-images': checkLinearInImages,
  'linear-in-weights': (trial) => checkLinear(trial, ['pointwise', 'spatial']),
  'channel-rotation': (trial) => checkRotation(trial, { inputs: 0, outputs: trial.test.request.part }),
  'group-rotation': (trial) => checkRotation(trial, { inputs: 1, outputs: 1 }),
  'batch-split': checkBatchSplit,
  translation: checkTranslation,
  nchw: checkNchw,
};

export async function checkMetamorphic(test: MetamorphicCase, context: CaseContext): Promise<number> {
  const compute = async (values: CaseValues, request: PlanRequest = test.request): Promise<Float32Array> => {
    context.serving(test.pass, planHetConv(request));
    return (await computePass(context, test.pass, request, putInputs(context, values)).data()) as Float32Array;
  };
  await RELATIONS[test.relation]({ test, context, values: drawValues(test, planHetConv(test.request)), compute });
  return 0;
}

/** A filter gradient is linear in x and in dy. */
async function checkLinearInImages(trial: Trial): Promise<void> {
  const { pass } = trial.test;
  if (pass !== 'inputGradient') await checkLinear(trial, ['x']);
  if (pass !== 'forward') await checkLinear(trial, ['dy']);
}

/** f(2a - 3b) = 2 f(a) - 3 f(b), exact: the factors are small, and so are a and b. */
async function checkLinear({ test, values, compute }: Trial, names: readonly (keyof CaseValues)[]): Promise<void> {
  const second: Record<string, CaseValues['x']> = {};
  const combined: Record<string, CaseValues['x']> = {};
  for (const name of names) {
    const other = redraw(values[name], `${test.seed}/${test.id}/${name}/second`, test.style);
    const data = values[name].data.map((a, i) => 2 * a - 3 * other.data[i]);
    second[name] = other;
    combined[name] = { shape: other.shape, data };
  }
  const [ofFirst, ofSecond] = [await compute(values), await compute({ ...values, ...second })];
  const ofCombined = await compute({ ...values, ...combined });
  const what = `${test.pass} of 2a - 3b, in ${names.join(' and ')}`;
  requireSame(
    what,
    ofCombined,
    ofFirst.map((value, i) => 2 * value - 3 * ofSecond[i]),
  );
}
