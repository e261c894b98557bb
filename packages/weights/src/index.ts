/** The catalogue of trained weights. The files lie in `trained/`; where, '@hetconv/weights/node' says. */
export { TRAINED } from './catalogue.ts';
export { describeTraining, nameTrained } from './describe.ts';
export { findTrained, type TrainedQuery } from './find.ts';
export type { TrainedNetwork } from './trained-network.ts';
