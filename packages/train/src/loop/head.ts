/** A classifier up to its logits: softmax and cross-entropy are computed together, where that is exact. */
import { InvalidArgumentError, UnsupportedError } from '@hetconv/core';
import { type layers, type LayersModel, model as createModel, type SymbolicTensor } from '@tensorflow/tfjs-layers';

/** A model that ends in logits, with the layers of the model that it was made from. */
export interface Classifier {
  /** `[n, height, width, channels]` to logits `[n, classes]`. */
  readonly network: LayersModel;
  readonly classes: number;
}

/** Layers that draw from Math.random: with them no training can be repeated. */
const UNSEEDED: readonly string[] = ['Dropout', 'SpatialDropout1D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'];

/**
 * @param model one image batch in, class probabilities by a softmax layer (or logits) out
 * @throws InvalidArgumentError for another form of model; UnsupportedError where training could not be repeated
 */
export function classifierOf(operation: string, model: LayersModel, classes?: number): Classifier {
  if (model.inputs.length !== 1 || model.outputs.length !== 1 || model.outputs[0].rank !== 2) {
    const got = { inputs: model.inputs.map(({ shape }) => shape), outputs: model.outputs.map(({ shape }) => shape) };
    throw new InvalidArgumentError(operation, 'model', got, 'a classifier: one input, one output [n, classes]');
  }
  const unseeded = model.layers.find((layer) => UNSEEDED.includes(layer.getClassName()));
  if (unseeded !== undefined) {
    const { name } = unseeded;
    throw new UnsupportedError(
      `${operation}: layer '${name}' (${unseeded.getClassName()}) draws from Math.random in tfjs 4.22: the training could not be repeated or resumed bit for bit.`,
    );
  }
  const [output] = model.outputs;
  if (classes !== undefined && output.shape[1] !== classes) {
    throw new InvalidArgumentError(operation, 'model', output.shape, `one with the ${classes} classes of the data`);
  }
  const logits = beforeSoftmax(operation, output.sourceLayer, output);
  const network = logits === output ? model : createModel({ inputs: model.inputs, outputs: logits });
  return { network, classes: output.shape[1] as number };
}

function beforeSoftmax(operation: string, last: layers.Layer, output: SymbolicTensor): SymbolicTensor {
  const activation = last.getConfig()['activation'];
  const isSoftmax = last.getClassName() === 'Softmax';
  if (isSoftmax || (last.getClassName() === 'Activation' && activation === 'softmax')) {
    return last.inboundNodes[0].inputTensors[0];
  }
  if (activation === undefined || activation === 'linear') return output;
  const got = `a model that ends in '${last.name}' with activation ${JSON.stringify(activation)}`;
  throw new InvalidArgumentError(operation, 'model', got, 'one that ends in a softmax layer of its own, or in logits');
}
