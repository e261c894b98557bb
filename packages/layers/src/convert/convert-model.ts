/**
 * From a model with standard convolutions to one with HetConvs, and back. Same graph, same names, same other weights.
 * To HetConv the filters are projected: what a HetConv has no weight for is dropped, so the model wants fine-tuning (unless
 * P = 1). Back to standard nothing is lost: the masked dense filter computes the same.
 */
import { fromDense, InvalidArgumentError, toDense } from '@hetconv/core';
import { type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import { type layers, LayersModel, models } from '@tensorflow/tfjs-layers';
import { HetConv2D } from '../layers/het-conv2d.ts';
import { checkPart, type Part, resolvePart } from '../layers/part.ts';
import { registerHetConvLayers } from '../layers/registration.ts';

/** A standard convolution that may be replaced. */
export interface Candidate {
  /** Behind the names of the models around it: `encoder/conv1`. */
  readonly path: string;
  readonly inChannels: number;
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  /** Whether it is the first convolution of the model. */
  readonly isFirst: boolean;
}

export interface ConvertOptions {
  /** 'hetconv': Conv2D to HetConv2D. 'standard': HetConv2D to Conv2D. */
  readonly kind: 'hetconv' | 'standard';
  /** For kind 'hetconv': one P for all layers, or one for each. Default 'channels'. */
  readonly part?: Part | ((layer: Candidate) => Part);
  /** For kind 'hetconv': which convolutions to replace. Default, as in the paper: all but the first and the 1x1. */
  readonly replace?: (layer: Candidate) => boolean;
}

/** A model of tf.layers as JSON. */
type Topology = Exclude<ReturnType<LayersModel['toJSON']>, string>;

/** Class name and configuration that a layer gets instead of its own, by path. */
type Replacements = Map<string, { readonly className: string; readonly part?: Part }>;

/**
 * A new model; the old one stays as it is. Optimiser and loss are not carried over.
 *
 * ```ts
 * const light = await convertModel(model, { kind: 'hetconv', part: 4 });
 * ```
 *
 * @throws InvalidArgumentError, for instance where P exceeds the channels of a layer
 */
export async function convertModel(model: LayersModel, options: ConvertOptions): Promise<LayersModel> {
  const { kind } = options;
  if (kind !== 'hetconv' && kind !== 'standard') {
    throw new InvalidArgumentError('convertModel', 'kind', kind, "'hetconv' or 'standard'");
  }
  registerHetConvLayers();
  const originals = leaves(model);
  const replacements = kind === 'hetconv' ? toHetConv(originals, options) : toStandard(originals);
  const topology = model.toJSON(null, false) as Topology;
  replaceLayers(topology, '', replacements);
  const converted = await models.modelFromJSON(topology);
  for (const [path, layer] of leaves(converted)) {
    const original = originals.get(path);
    if (original !== undefined) copyWeights(original, layer);
  }
  return converted;
}

/** The layers of a model by path, those of nested models included, in order. */
function leaves(model: LayersModel, prefix = ''): Map<string, layers.Layer> {
  return new Map(
    model.layers.flatMap((layer): [string, layers.Layer][] => {
      const path = prefix + layer.name;
      return layer instanceof LayersModel ? [...leaves(layer, `${path}/`)] : [[path, layer]];
    }),
  );
}

function toHetConv(originals: Map<string, layers.Layer>, options: ConvertOptions): Replacements {
  const { part = 'channels', replace = ({ isFirst, kernelSize: [h, w] }) => !isFirst && h * w > 1 } = options;
  const convolutions = [...originals].filter(([, layer]) => layer.getClassName() === 'Conv2D');
  const replacements: Replacements = new Map();
  for (const [index, [path, layer]] of convolutions.entries()) {
    const [kernelHeight, kernelWidth, inChannels, filters] = layer.weights[0].shape as number[];
    const candidate = {
      path,
      inChannels,
      filters,
      kernelSize: [kernelHeight, kernelWidth],
      isFirst: index === 0,
    } as const;
    if (!replace(candidate)) continue;
    const wanted = checkPart('convertModel', 'part', typeof part === 'function' ? part(candidate) : part);
    resolvePart(`convertModel, layer '${path}'`, wanted, inChannels);
    replacements.set(path, { className: HetConv2D.className, part: wanted });
  }
  return replacements;
}

function toStandard(originals: Map<string, layers.Layer>): Replacements {
  const hetConvs = [...originals].filter(([, layer]) => layer instanceof HetConv2D);
  return new Map(hetConvs.map(([path]) => [path, { className: 'Conv2D' }]));
}

/** Edits the JSON of a model in place. */
function replaceLayers(model: Topology, prefix: string, replacements: Replacements): void {
  const { layers: entries } = model['config'] as { layers: Topology[] };
  for (const entry of entries) {
    const config = entry['config'] as Topology;
    const path = `${prefix}${config['name'] as string}`;
    if (Array.isArray(config['layers'])) replaceLayers(entry, `${path}/`, replacements);
    const replacement = replacements.get(path);
    if (replacement === undefined) continue;
    entry['class_name'] = replacement.className;
    if (replacement.part === undefined) delete config['part'];
    else config['part'] = replacement.part;
  }
}

function copyWeights(from: layers.Layer, to: layers.Layer): void {
  tidy(() => {
    if (to instanceof HetConv2D && !(from instanceof HetConv2D)) {
      const [kernel, ...bias] = from.getWeights();
      const { pointwise, spatial } = fromDense(kernel as Tensor4D, { part: to.partAt(kernel.shape[2] as number) });
      to.setWeights([pointwise, ...(spatial.size > 0 ? [spatial] : []), ...bias]);
    } else if (from instanceof HetConv2D && !(to instanceof HetConv2D)) {
      to.setWeights([denseKernel(from), ...from.getWeights().slice(from.useBias ? -1 : from.weights.length)]);
    } else {
      to.setWeights(from.getWeights());
    }
  });
}

function denseKernel(layer: HetConv2D): Tensor {
  const { pointwise, spatial } = layer.kernels();
  return toDense(pointwise, spatial, { part: layer.partAt(pointwise.shape[2]), kernelSize: layer.kernelSize });
}
