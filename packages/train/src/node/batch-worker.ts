/** The thread that makes batches: answers every request, which may overlap. Started by `workerLoader` alone. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Batch, type BatchRecipe, type BatchRequest, createBatchMaker } from '../data/batches.ts';
import { openSource, type SourceSpec } from './source-spec.ts';

/** What the thread is started with. */
export interface WorkerSetup {
  readonly train: SourceSpec;
  readonly test: SourceSpec;
  readonly recipe: BatchRecipe;
}

export interface WorkerQuestion {
  readonly id: number;
  readonly request: BatchRequest;
}

export type WorkerAnswer =
  | { readonly id: number; readonly batch: Batch }
  /** Errors cross threads whole, class and fields excepted. */
  | { readonly id: number; readonly error: unknown };

if (parentPort !== null) {
  const port = parentPort;
  const { train, test, recipe } = workerData as WorkerSetup;
  const make = createBatchMaker({ train: openSource(train), test: openSource(test) }, recipe);
  const answer = async ({ id, request }: WorkerQuestion): Promise<void> => {
    try {
      const batch = await make(request);
      port.postMessage({ id, batch } satisfies WorkerAnswer, [batch.pixels.buffer, batch.labels.buffer]);
    } catch (error) {
      port.postMessage({ id, error } satisfies WorkerAnswer, []);
    }
  };
  port.on('message', (question: WorkerQuestion) => void answer(question));
}
