/** Multiply-adds, parameters and bytes of a model, layer by layer. Data only: printing is the caller's. */
import { InvalidArgumentError, paperMillions } from '@hetconv/core';
import type { LayersModel, Shape } from '@tensorflow/tfjs-layers';
import { isCosted, type LayerCosts } from './layer-costs.ts';
import { stockLayerCosts } from './stock-layers.ts';
import { type Application, applications } from './walk.ts';

/**
 * 'mac': exact multiply-adds. 'paper': what Singh et al. print as FLOPs, 1 MAC = 1 FLOP plus one operation an output of a
 * convolution for a bias, a HetConv being the standard count times R = 1/P + (1 - 1/P)/K^2.
 */
export type CostConvention = 'mac' | 'paper';

export interface LayerSummary {
  /** Of a layer inside a nested model: `outer/inner`. */
  readonly name: string;
  /** Class name, e.g. 'HetConv2D'. */
  readonly type: string;
  /** Of the layer's first application. */
  readonly outputShape: Shape;
  /** For one image, in the chosen convention; summed over the applications of a shared layer. */
  readonly macs: number;
  /** Weights that exist, whether trainable or not. Of a shared layer once. */
  readonly params: number;
  /** What the weights take in memory and in a file, filler of ragged residues included. */
  readonly bytes: number;
}

export interface CostTotals {
  /** Of the convolutions alone. */
  readonly convMacs: number;
  readonly macs: number;
  readonly params: number;
  readonly bytes: number;
  /** With convention 'paper': `macs` in millions, truncated to two decimals as the paper prints it. */
  readonly paperMillions?: number;
}

export interface ModelCosts {
  readonly convention: CostConvention;
  readonly total: CostTotals;
  readonly layers: LayerSummary[];
}

export interface ModelCostOptions {
  /** Default 'mac'. */
  readonly convention?: CostConvention;
  /** The input with every size known, batch included as null or a number: for models that leave height and width open. */
  readonly inputShape?: Shape | readonly Shape[];
}

/**
 * What one image costs.
 *
 * ```ts
 * modelCosts(model).total.convMacs;
 * ```
 *
 * @throws InvalidArgumentError
 * @throws UnsupportedError naming a layer whose costs are unknown, or whose shape is
 */
export function modelCosts(model: LayersModel, options: ModelCostOptions = {}): ModelCosts {
  const { convention = 'mac', inputShape } = options;
  if (convention !== 'mac' && convention !== 'paper') {
    throw new InvalidArgumentError('modelCosts', 'convention', convention, "'mac' or 'paper'");
  }
  const rows = new Map<Application['layer'], LayerSummary>();
  let convMacs = 0;
  for (const application of applications(model, inputShape && shapeList(inputShape))) {
    const costs = costsOf(application);
    const macs = convention === 'mac' ? costs.macs : costs.paperFlops;
    if (costs.isConvolution) convMacs += macs;
    const row = rows.get(application.layer) ?? firstRow(application, costs);
    rows.set(application.layer, { ...row, macs: row.macs + macs });
  }
  const layers = [...rows.values()];
  const sum = (key: 'macs' | 'params' | 'bytes'): number => layers.reduce((total, layer) => total + layer[key], 0);
  const macs = sum('macs');
  const totals = { convMacs, macs, params: sum('params'), bytes: sum('bytes') };
  return {
    convention,
    total: convention === 'paper' ? { ...totals, paperMillions: paperMillions(macs) } : totals,
    layers,
  };
}

function costsOf({ layer, inputShapes, outputShapes }: Application): LayerCosts {
  if (isCosted(layer)) return layer.layerCosts(inputShapes[0]);
  return stockLayerCosts(layer, inputShapes[0], outputShapes[0]);
}

function firstRow({ path, layer, outputShapes }: Application, { params }: LayerCosts): LayerSummary {
  const bytes = layer.weights.reduce((total, { shape, dtype }) => total + bytesOf(shape as number[], dtype), 0);
  return { name: path, type: layer.getClassName(), outputShape: outputShapes[0], macs: 0, params, bytes };
}

function bytesOf(shape: readonly number[], dtype: string): number {
  return shape.reduce((size, side) => size * side, 1) * (dtype === 'bool' ? 1 : 4);
}

function shapeList(shapes: Shape | readonly Shape[]): readonly Shape[] {
  return Array.isArray(shapes[0]) ? (shapes as readonly Shape[]) : [shapes as Shape];
}
