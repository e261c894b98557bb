/** Relations of whole images: a batch is its images, a moved image gives a moved result, formats only reorder. */
import { hetConv2d, type HetConvPlan, planHetConv, type PlanRequest } from '@hetconv/core';
import type { Rank, Tensor4D } from '@tensorflow/tfjs-core';
import type { CaseValues, HostTensor } from '../oracle/values.ts';
import { padOf, toCaller, toNhwc } from './layout.ts';
import { requireSame, type Trial } from './metamorphic-trial.ts';
import { operatorOptions } from './operator.ts';

/** Images one by one: their results in a row, or, for the gradient of a weight, their sum. */
export async function checkBatchSplit({ test, values, compute }: Trial): Promise<void> {
  const [batch, ...image] = test.request.inputShape;
  const request: PlanRequest = { ...test.request, inputShape: [1, ...image] };
  const whole = await compute(values);
  const single: Float32Array[] = [];
  for (let b = 0; b < batch; b++) {
    single.push(await compute({ ...values, x: imageOf(values.x, b), dy: imageOf(values.dy, b) }, request));
  }
  const isSummed = test.pass === 'pointwiseGradient' || test.pass === 'spatialGradient';
  const expected = isSummed
    ? whole.map((_, i) => single.reduce((sum, part) => sum + part[i], 0))
    : Float32Array.from(single.flatMap((part) => [...part]));
  requireSame(`${test.pass} image by image`, whole, expected);
}

/**
 * One view of a larger image, and another a stride further: where their windows lie inside both, results are the same, moved by a
 * position.
 */
export async function checkTranslation({ test, values, compute }: Trial): Promise<void> {
  const plan = planHetConv(test.request);
  const { batch, inHeight, inWidth, inChannels, strideHeight, strideWidth, outHeight, outWidth, outChannels } = plan;
  // Wraps around; the windows that see it are not compared.
  const moved = values.x.data.map((_, i) => {
    const [m, pixel] = [i % inChannels, Math.floor(i / inChannels)];
    const col = ((pixel % inWidth) + strideWidth) % inWidth;
    const row = ((Math.floor(pixel / inWidth) % inHeight) + strideHeight) % inHeight;
    const image = Math.floor(pixel / inWidth / inHeight);
    return values.x.data[((image * inHeight + row) * inWidth + col) * inChannels + m];
  });
  const first = await compute(values);
  const second = await compute({ ...values, x: { shape: values.x.shape, data: moved } });
  const [still, shifted]: [number[], number[]] = [[], []];
  for (let b = 0; b < batch; b++) {
    for (let i = 1; i < outHeight; i++) {
      for (let j = 1; j < outWidth; j++) {
        if (!isInside(plan, i, j) || !isInside(plan, i - 1, j - 1)) continue;
        const at = (row: number, col: number): number => ((b * outHeight + row) * outWidth + col) * outChannels;
        still.push(...first.subarray(at(i, j), at(i, j) + outChannels));
        shifted.push(...second.subarray(at(i - 1, j - 1), at(i - 1, j - 1) + outChannels));
      }
    }
  }
  requireSame('forward of the moved image, in the interior', shifted, still);
}

/** Channels first and last are the same numbers in another order. */
export async function checkNchw({ test, context, values, compute }: Trial): Promise<void> {
  const layout = { channelsFirst: true, rank3: false };
  const x = context.put<Rank.R4>(toCaller(values.x, layout));
  const pointwise = context.put<Rank.R4>(values.pointwise);
  const spatial = context.put<Rank.R3>(values.spatial);
  const options = operatorOptions({ ...test.request, pad: padOf(test.request.pad, layout) });
  const y = context.own(hetConv2d<Tensor4D>(x, pointwise, spatial, { ...options, dataFormat: 'NCHW' }));
  requireSame('forward as NCHW', toNhwc(await y.data(), values.dy.shape, layout), await compute(values));
}

function imageOf({ shape, data }: HostTensor, image: number): CaseValues['x'] {
  const size = data.length / shape[0];
  return { shape: [1, ...shape.slice(1)], data: data.slice(image * size, (image + 1) * size) };
}

/** Whether the window of an output position meets no padding. */
function isInside(plan: HetConvPlan, i: number, j: number): boolean {
  const [top, left] = [i * plan.strideHeight - plan.padTop, j * plan.strideWidth - plan.padLeft];
  const bottom = top + (plan.kernelHeight - 1) * plan.dilationHeight;
  const right = left + (plan.kernelWidth - 1) * plan.dilationWidth;
  return top >= 0 && left >= 0 && bottom < plan.inHeight && right < plan.inWidth;
}
