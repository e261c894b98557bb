/** Hands out batches in the order asked for, a few of them made ahead. */
import { type Batch, type BatchRecipe, type BatchRequest, createBatchMaker, type DataSplits } from './batches.ts';

/** Makes batches, here or in another thread. */
export interface BatchLoader {
  /** Requests may overlap; they are answered one by one. @throws whatever reading an image throws */
  load(request: BatchRequest): Promise<Batch>;
  close(): Promise<void>;
}

/** Makes batches in this thread, when they are asked for. */
export function inlineLoader(data: DataSplits, recipe: BatchRecipe): BatchLoader {
  return { load: createBatchMaker(data, recipe), close: () => Promise.resolve() };
}

/** @param ahead batches that are under way while one is used */
export async function* prefetch(
  loader: BatchLoader,
  requests: readonly BatchRequest[],
  ahead: number,
): AsyncGenerator<Batch, void, undefined> {
  const underWay: Promise<Batch>[] = [];
  for (let next = 0, asked = 0; next < requests.length; next++) {
    for (; asked < requests.length && asked <= next + ahead; asked++) {
      const batch = loader.load(requests[asked]);
      batch.catch(() => undefined); // an error is thrown below, when its turn comes; if that never comes, nobody waits for it
      underWay.push(batch);
    }
    yield await (underWay.shift() as Promise<Batch>);
  }
}
