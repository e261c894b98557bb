/** The applications of layers that make up a model, each with the shapes it sees; models inside models are unfolded. */
import { InvalidArgumentError } from '@hetconv/core';
import { type layers, LayersModel, type Shape, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** One application of a layer. A layer that is used twice appears twice. */
export interface Application {
  /** The layer's name behind those of the models around it: `encoder/conv1`. */
  readonly path: string;
  readonly layer: layers.Layer;
  readonly inputShapes: readonly Shape[];
  readonly outputShapes: readonly Shape[];
}

/**
 * In the order of computation, without input layers.
 *
 * @param inputShapes of the model's inputs, where they differ from those it was built with: sizes that it leaves open
 * @throws InvalidArgumentError
 */
export function applications(model: LayersModel, inputShapes?: readonly Shape[]): Application[] {
  ensureBuilt(model);
  const shapes = inputShapes ?? model.inputs.map((input) => input.shape);
  if (shapes.length !== model.inputs.length || shapes.some((shape, i) => !fits(shape, model.inputs[i].shape))) {
    const rule = `shapes that fit ${JSON.stringify(model.inputs.map((input) => input.shape))}, the inputs of the model`;
    throw new InvalidArgumentError(`costs of ${model.name}`, 'inputShape', shapes, rule);
  }
  const found: Application[] = [];
  walk(model, shapes, '', found);
  return found;
}

/** @returns the shapes of the model's outputs */
function walk(model: LayersModel, inputShapes: readonly Shape[], prefix: string, found: Application[]): Shape[] {
  const shapeOf = new Map<number, Shape>(model.inputs.map((input, i) => [input.id, inputShapes[i]]));
  const known = (tensors: readonly SymbolicTensor[]): Shape[] =>
    tensors.map(({ id, shape }) => shapeOf.get(id) ?? shape);
  const depths = Object.keys(model.nodesByDepth).map(Number);
  for (const depth of depths.toSorted((a, b) => b - a)) {
    for (const node of model.nodesByDepth[depth]) {
      const layer = node.outboundLayer;
      if (node.inboundLayers.length === 0) continue; // an input
      const path = prefix + layer.name;
      const inputs = known(node.inputTensors);
      let outputs: Shape[];
      if (layer instanceof LayersModel) {
        ensureBuilt(layer);
        outputs = walk(layer, inputs, `${path}/`, found);
      } else {
        outputs = shapeList(layer.computeOutputShape(inputs.length === 1 ? inputs[0] : inputs));
        found.push({ path, layer, inputShapes: inputs, outputShapes: outputs });
      }
      node.outputTensors.forEach((tensor, i) => shapeOf.set(tensor.id, outputs[i]));
    }
  }
  return known(model.outputs);
}

/** A tf.sequential makes its graph on first use. */
export function ensureBuilt(model: LayersModel): void {
  if (!model.built) model.build(model.inputs.map((input) => input.shape));
}

function shapeList(shapes: Shape | Shape[]): Shape[] {
  return Array.isArray(shapes[0]) ? (shapes as Shape[]) : [shapes as Shape];
}

function fits(shape: Shape, declared: Shape): boolean {
  return shape.length === declared.length && shape.every((size, i) => declared[i] == null || size === declared[i]);
}
