/**
 * A model for inference: batch normalisation and activation that follow a convolution become part of it. Same function up to
 * rounding, fewer layers. Scale and shift are constants once training is over, and a constant scale of an output channel is a scale of
 * its filter (Jacob et al. 2018, section 3.2).
 */
import { add, mul, rsqrt, sub, type Tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import { input, type layers, LayersModel, model as createModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { ensureBuilt } from '../costs/walk.ts';
import { registerHetConvLayers } from '../layers/registration.ts';

type Layer = layers.Layer;
type Node = LayersModel['nodesByDepth'][string][number];

/** Layers whose kernels all have the output channels on their last axis. */
const FOLDABLE: readonly string[] = ['Conv2D', 'HetConv2D', 'GroupedConv2D', 'DualConv2D', 'Dense'];

/** A convolution and what it takes in; `last` is the node whose output the new layer gives. */
interface Chain {
  readonly normalization?: Layer;
  readonly activation?: string;
  readonly last: Node;
}

/**
 * A new model; the old one stays as it is and may be disposed of. What cannot be folded - a layer that is used twice, an output of the
 * model in between, another axis - is taken over. Models inside the model are taken over as they are, and shared with it.
 *
 * ```ts
 * const deployed = foldForInference(trained);
 * ```
 */
export function foldForInference(model: LayersModel): LayersModel {
  registerHetConvLayers();
  ensureBuilt(model); // a tf.sequential makes its graph on first use
  const nodes = orderedNodes(model);
  const consumers = consumersOf(nodes);
  const outputs = new Set(model.outputs.map(({ id }) => id));
  const inputs = model.inputs.map(({ shape, dtype, sourceLayer }) =>
    input({ batchShape: shape, dtype, name: sourceLayer.name }),
  );
  const renewed = new Map<number, SymbolicTensor>(model.inputs.map(({ id }, i) => [id, inputs[i]]));
  const copies = new Map<Layer, Layer>();
  const folded = new Set<Node>();
  for (const node of nodes) {
    if (folded.has(node)) continue;
    const layer = node.outboundLayer;
    const sources = node.inputTensors.map(({ id }) => renewed.get(id) as SymbolicTensor);
    const chain = chainFrom(node, (one) => onlyConsumer(one, consumers, outputs), folded);
    let results: SymbolicTensor | SymbolicTensor[];
    if (chain.last !== node) {
      results = foldedLayer(layer, chain, sources[0]);
    } else {
      const copy = copies.get(layer) ?? (layer instanceof LayersModel ? layer : copyOf(layer));
      const isNew = !copies.has(layer);
      copies.set(layer, copy);
      results = copy.apply(sources.length === 1 ? sources[0] : sources) as SymbolicTensor | SymbolicTensor[];
      if (isNew && copy !== layer) copy.setWeights(layer.getWeights());
    }
    const list = Array.isArray(results) ? results : [results];
    chain.last.outputTensors.forEach(({ id }, i) => renewed.set(id, list[i]));
  }
  return createModel({
    inputs,
    outputs: model.outputs.map(({ id }) => renewed.get(id) as SymbolicTensor),
    name: model.name,
  });
}

/** In the order of computation, without inputs. */
function orderedNodes(model: LayersModel): Node[] {
  const depths = Object.keys(model.nodesByDepth).map(Number);
  return depths
    .toSorted((a, b) => b - a)
    .flatMap((depth) => model.nodesByDepth[depth])
    .filter((node) => node.inboundLayers.length > 0);
}

function consumersOf(nodes: readonly Node[]): Map<number, Node[]> {
  const consumers = new Map<number, Node[]>();
  for (const node of nodes) {
    for (const { id } of node.inputTensors) consumers.set(id, [...(consumers.get(id) ?? []), node]);
  }
  return consumers;
}

/** The node behind this one, where nothing else sees its output and its layer is applied once. */
function onlyConsumer(node: Node, consumers: Map<number, Node[]>, outputs: ReadonlySet<number>): Node | undefined {
  const [{ id }] = node.outputTensors;
  const [next, ...others] = consumers.get(id) ?? [];
  const isAlone =
    next !== undefined && others.length === 0 && !outputs.has(id) && next.outboundLayer.inboundNodes.length === 1;
  return isAlone ? next : undefined;
}

/** What follows a convolution and can become part of it; marks those nodes as folded. */
function chainFrom(node: Node, after: (node: Node) => Node | undefined, folded: Set<Node>): Chain {
  const layer = node.outboundLayer;
  const { activation, dataFormat = 'channelsLast' } = layer.getConfig();
  const canFold = FOLDABLE.includes(layer.getClassName()) && layer.inboundNodes.length === 1;
  if (!canFold || activation !== 'linear' || dataFormat !== 'channelsLast') return { last: node };
  let chain: Chain = { last: node };
  let next = after(node);
  if (next !== undefined && isNormalizationOfLastAxis(next)) {
    chain = { normalization: next.outboundLayer, last: next };
    next = after(next);
  }
  if (
    next?.outboundLayer.getClassName() === 'Activation' &&
    next.outboundLayer.getConfig()['activation'] !== 'softmax'
  ) {
    chain = { ...chain, activation: next.outboundLayer.getConfig()['activation'] as string, last: next };
  }
  for (let one: Node | undefined = node; one !== chain.last;) {
    one = after(one) as Node;
    folded.add(one);
  }
  return chain;
}

function isNormalizationOfLastAxis({ outboundLayer, inputTensors }: Node): boolean {
  if (outboundLayer.getClassName() !== 'BatchNormalization') return false;
  const axis = outboundLayer.getConfig()['axis'] as number;
  return axis === -1 || axis === inputTensors[0].rank - 1;
}

function foldedLayer(
  layer: Layer,
  { normalization, activation = 'linear' }: Chain,
  source: SymbolicTensor,
): SymbolicTensor {
  const copy = copyOf(layer, { useBias: true, activation });
  const result = copy.apply(source) as SymbolicTensor;
  tidy(() => {
    const weights = layer.getWeights();
    const hasBias = layer.getConfig()['useBias'] === true;
    const kernels = hasBias ? weights.slice(0, -1) : weights;
    const oldBias = hasBias ? weights[weights.length - 1] : undefined;
    const bias = oldBias ?? zeros(kernels[0].shape.slice(-1));
    if (normalization === undefined) {
      copy.setWeights([...kernels, bias]);
    } else {
      const { scale, shift } = affine(normalization);
      copy.setWeights([...kernels.map((kernel) => mul(kernel, scale)), add(mul(bias, scale), shift)]);
    }
  });
  return result;
}

/** y = scale * x + shift, what a batch normalisation computes in inference. */
function affine(layer: Layer): { readonly scale: Tensor; readonly shift: Tensor } {
  const { epsilon, scale: hasGamma, center: hasBeta } = layer.getConfig();
  const weights = layer.getWeights();
  const gamma = hasGamma === false ? undefined : weights.shift();
  const beta = hasBeta === false ? undefined : weights.shift();
  const [mean, variance] = weights;
  const deviation = rsqrt(add(variance, epsilon as number));
  const scale = gamma === undefined ? deviation : mul(gamma, deviation);
  const offset = mul(mean, scale);
  return { scale, shift: beta === undefined ? mul(offset, -1) : sub(beta, offset) };
}

/** A new layer of the same name and configuration, its initial values cheap: they are replaced. */
function copyOf(layer: Layer, changes: Record<string, string | boolean> = {}): Layer {
  const config = { ...layer.getConfig(), ...changes };
  if ('kernelInitializer' in config) config['kernelInitializer'] = 'zeros';
  const { fromConfig } = layer.constructor as unknown as { fromConfig: (cls: unknown, config: object) => Layer };
  return fromConfig.call(layer.constructor, layer.constructor, config);
}
