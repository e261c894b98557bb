/** Measuring HetConv against standard convolution. Numbers only: tables and plots are the caller's. */
export type { SpeedupFigures } from './blocks.ts';
export { environment } from './environment.ts';
export type { Environment } from './environment.ts';
export { interleave } from './interleave.ts';
export type { Contender, Samples } from './interleave.ts';
export { benchLayer, benchLayers } from './layer.ts';
export type { LayerOptions, LayerRow } from './layer.ts';
export { describeLayer } from './layer-request.ts';
export type { LayerRequest } from './layer-request.ts';
export { layerTotals } from './layer-totals.ts';
export type { LayerTotal } from './layer-totals.ts';
export { benchModel, modelOutputs, NETWORK_TOLERANCE } from './model.ts';
export type { BenchedModel, ModelOutputs, ModelRequest, ModelRow } from './model.ts';
export { modelLayerRequests } from './model-layers.ts';
export type { ModelLayerOptions, ModelLayers } from './model-layers.ts';
export type { BenchOptions, BenchProgress } from './progress.ts';
export { median, medianAbsoluteDeviation, medianRatio } from './statistics.ts';
export type { Ratio } from './statistics.ts';
