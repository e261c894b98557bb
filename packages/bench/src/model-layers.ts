/** The distinct HetConv layers of a network as layer benchmarks: what each brings, beside what the network gains. */
import { InvalidArgumentError } from '@hetconv/core';
import { type Application, applications, HetConv2D } from '@hetconv/layers';
import type { LayersModel, Shape } from '@tensorflow/tfjs-layers';
import type { LayerRequest } from './layer-request.ts';

export interface ModelLayers {
  /** In the order of computation; layers of the same sizes and P are one request with their count, named after the first. */
  readonly requests: readonly LayerRequest[];
  /** HetConv layers that a {@link LayerRequest} cannot say, and why: they are in no total. */
  readonly left: readonly { readonly name: string; readonly reason: string }[];
}

export interface ModelLayerOptions {
  /** Images a batch; default 1. */
  readonly batch?: number;
  /** The input with every size known, batch included as null: for models that leave height and width open. */
  readonly inputShape?: Shape;
}

/**
 * Layers with a 1x1 kernel are standard convolutions whatever their P and are left out silently.
 *
 * ```ts
 * const { requests } = modelLayerRequests(classificationModel('vgg16-cifar').build({ part: 4 }));
 * const rows = await benchLayers([backend], requests);
 * ```
 *
 * @throws InvalidArgumentError where the model has no HetConv layer, or its sizes are open
 */
export function modelLayerRequests(model: LayersModel, options: ModelLayerOptions = {}): ModelLayers {
  const { batch = 1, inputShape } = options;
  const found = new Map<string, LayerRequest>();
  const left: { name: string; reason: string }[] = [];
  for (const application of applications(model, inputShape && [inputShape])) {
    const { path, layer } = application;
    if (!(layer instanceof HetConv2D) || layer.kernelSize.every((side) => side === 1)) continue;
    const reason = unlike(layer);
    if (reason === undefined) {
      const request = requestOf(application, layer, batch);
      const key = JSON.stringify(request);
      const { count = 0 } = found.get(key) ?? {};
      found.set(key, { name: found.get(key)?.name ?? path, ...request, count: count + 1 });
    } else left.push({ name: path, reason });
  }
  if (found.size + left.length === 0) {
    throw new InvalidArgumentError('modelLayerRequests', 'model', model.name, 'a network with HetConv2D layers');
  }
  return { requests: [...found.values()], left };
}

/** Why the layer is none that the benchmark knows, if so. */
function unlike({ kernelSize, strides, padding, dilationRate }: HetConv2D): string | undefined {
  if (kernelSize[0] !== kernelSize[1]) return `its kernel is ${kernelSize.join('x')}`;
  if (strides[0] !== strides[1]) return `its strides are ${strides.join(' and ')}`;
  if (padding !== 'same') return `its padding is '${padding}'`;
  if (dilationRate.some((rate) => rate !== 1)) return 'it is dilated';
  return undefined;
}

function requestOf({ path, inputShapes }: Application, layer: HetConv2D, batch: number): LayerRequest {
  const [, ...sizes] = inputShapes[0];
  const [height, width, inChannels] = layer.dataFormat === 'channelsFirst' ? [...sizes.slice(1), sizes[0]] : sizes;
  if (height == null || width == null || inChannels == null) {
    throw new InvalidArgumentError(
      'modelLayerRequests',
      `inputShape of ${path}`,
      inputShapes[0],
      'known in every size',
    );
  }
  return {
    height,
    width,
    in: inChannels,
    out: layer.filters,
    kernel: layer.kernelSize[0],
    stride: layer.strides[0],
    batch,
    parts: [layer.partAt(inChannels)],
  };
}
