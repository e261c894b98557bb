/** Networks beside their standard twin on all selected backends: those of this process, and those of a browser, as one table. */
import {
  benchModel,
  type BenchProgress,
  type ModelOutputs,
  modelOutputs,
  type ModelRequest,
  type ModelRow,
} from '@hetconv/bench';
import type { Timing } from '../browser/protocol.ts';
import { cpuReference } from './reference.ts';
import type { Selection } from './select.ts';

/** @throws Error where a backend disagrees with the reference */
export async function measureModels(
  request: ModelRequest,
  { providers, browser }: Selection,
  timing: Timing,
  onProgress: (progress: BenchProgress) => void,
): Promise<ModelRow[]> {
  let reference: ModelOutputs | undefined;
  const onReference = (outputs: ModelOutputs): void => void (reference = outputs);
  const rows = await benchModel(providers, request, { ...timing, onProgress, onReference });
  if (browser === undefined) return rows;
  reference ??= await referenceOutputs(request, onProgress);
  return [...rows, ...(await browser.models({ ...request, reference }, timing, onProgress))];
}

/** What a browser's outputs are compared with where no backend runs here. */
async function referenceOutputs(
  request: ModelRequest,
  onProgress: (progress: BenchProgress) => void,
): Promise<ModelOutputs> {
  onProgress({ stage: 'cpu: outputs for the browser to compare with', loaded: 0, total: 1 });
  return modelOutputs(await cpuReference(), request);
}
