/** Which trained weights fit a network. */
import { TRAINED } from './catalogue.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** What to look for; what is left out does not matter. */
export type TrainedQuery = Partial<Pick<TrainedNetwork, 'model' | 'kind' | 'part' | 'dataset'>>;

/** All trained networks that the query describes, in the order of the catalogue. */
export function findTrained(query: TrainedQuery = {}): readonly TrainedNetwork[] {
  const keys = (['model', 'kind', 'part', 'dataset'] as const).filter((key) => query[key] !== undefined);
  return TRAINED.filter((network) => keys.every((key) => network[key] === query[key]));
}
