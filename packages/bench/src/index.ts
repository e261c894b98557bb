/** Measuring HetConv against standard convolution. Numbers only: tables and plots are the caller's. */
export { environment } from './environment.ts';
export type { Environment } from './environment.ts';
export { interleave } from './interleave.ts';
export type { Contender, Samples } from './interleave.ts';
export { benchLayer } from './layer.ts';
export type { LayerRow } from './layer.ts';
export type { LayerRequest } from './layer-contenders.ts';
export { benchModel, modelOutputs, NETWORK_TOLERANCE } from './model.ts';
export type { BenchedModel, ModelOutputs, ModelRequest, ModelRow } from './model.ts';
export type { BenchOptions, BenchProgress } from './progress.ts';
export { median, medianAbsoluteDeviation, medianRatio } from './statistics.ts';
export type { Ratio } from './statistics.ts';
