/** Which trained weights fit a network. */
import { TRAINED } from './catalogue.ts';
import type { TrainedNetwork } from './trained-network.ts';

/** What to look for; what is left out or undefined does not matter. */
export interface TrainedQuery {
  readonly model?: string | undefined;
  readonly kind?: string | undefined;
  /** Does not matter for a kind that has no P. */
  readonly part?: TrainedNetwork['part'] | undefined;
  readonly dataset?: string | undefined;
}

/** All trained networks that the query describes, in the order of the catalogue. */
export function findTrained({ model, kind, part, dataset }: TrainedQuery = {}): readonly TrainedNetwork[] {
  return TRAINED.filter(
    (network) =>
      fits(model, network.model) &&
      fits(kind, network.kind) &&
      (network.part === 'none' || fits(part, network.part)) &&
      fits(dataset, network.dataset),
  );
}

function fits<T>(asked: T | undefined, value: T): boolean {
  return asked === undefined || asked === value;
}
