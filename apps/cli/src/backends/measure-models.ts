/** Networks beside their standard twin on all selected backends: those of this process, and those of a browser, as one table. */
import { benchModel, type BenchProgress, modelOutputs, type ModelRow } from '@hetconv/bench';
import type { Tensor4D } from '@tensorflow/tfjs-core';
import type { BuildOptions, BuiltModels } from '../browser/build-models.ts';
import { pageModels } from '../browser/page-models.ts';
import type { ModelChoice, Timing } from '../browser/protocol.ts';
import { cpuReference } from './reference.ts';
import type { Selection } from './select.ts';

/** Networks, with what a page makes the same ones from. */
export interface ModelsToMeasure extends BuiltModels, Pick<BuildOptions, 'seed' | 'folded'> {
  /** Of the network in the zoo. */
  readonly name: string;
  readonly choices: readonly ModelChoice[];
  readonly images: Tensor4D;
  readonly batch: number;
}

/** @throws Error where a backend disagrees with the reference */
export async function measureModels(
  { name, choices, models, standard, seed, folded, images, batch }: ModelsToMeasure,
  { providers, browser }: Selection,
  timing: Timing,
  onProgress: (progress: BenchProgress) => void,
): Promise<ModelRow[]> {
  const request = { name, models, standard, images, batch };
  const rows = await benchModel(providers, request, { ...timing, onProgress });
  if (browser === undefined) return rows;
  onProgress({ stage: 'cpu: outputs for the browser to compare with', loaded: 0, total: 1 });
  const reference = await modelOutputs(providers[0] ?? (await cpuReference()), request);
  const page = await pageModels({ name, choices, seed, folded, images, batch, reference });
  return [...rows, ...(await browser.models(page, timing, onProgress))];
}
