/** Where the weights lie on this machine. */
import { fileURLToPath } from 'node:url';
import type { TrainedNetwork } from './trained-network.ts';

/** The folder that holds every network of the catalogue. */
export const TRAINED_FOLDER: string = fileURLToPath(new URL('../trained/', import.meta.url));

/** The folder with the model.json of a network: for `fileSystem(...)` of @hetconv/layers/node, or to serve. */
export function trainedFolder({ id }: Pick<TrainedNetwork, 'id'>): string {
  return fileURLToPath(new URL(`../trained/${id}/`, import.meta.url));
}
