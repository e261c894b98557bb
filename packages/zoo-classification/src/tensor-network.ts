/** Reads an architecture with symbolic tensors: makes the layers, each with its name and, from it, its seed. */
import { GLOROT_UNIFORM, HE_UNIFORM, type VarianceScaling } from '@hetconv/core';
import {
  convBlock,
  type ConvKind,
  identityShortcut,
  seededInitializer,
  type SeededVarianceScaling,
  squeezeExcitation,
} from '@hetconv/layers';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ConvWindow, DenseLayer, Network, PoolWindow } from './architecture.ts';
import type { NetworkPlan } from './network-plan.ts';

/**
 * Convolutions have no bias, because a normalisation follows each of them; weights are He-uniform (glorot-uniform in front of a
 * sigmoid or softmax), seeded by `seed/layer name`.
 */
export class TensorNetwork implements Network<SymbolicTensor> {
  readonly #plan: NetworkPlan;
  readonly #parts: ReadonlyMap<string, number>;

  constructor(plan: NetworkPlan) {
    this.#plan = plan;
    this.#parts = new Map(plan.replaced.map(({ name, part }) => [name, part]));
  }

  stem(x: SymbolicTensor, name: string, window: ConvWindow): SymbolicTensor {
    return this.#conv(x, name, window, 'standard', 1);
  }

  conv(x: SymbolicTensor, name: string, window: ConvWindow): SymbolicTensor {
    return this.#conv(x, name, window, this.#plan.convKind, this.#parts.get(name) ?? 1);
  }

  excite(x: SymbolicTensor, name: string): SymbolicTensor {
    const { reduction } = this.#plan.architecture;
    if (reduction === undefined) return x;
    return squeezeExcitation(x, {
      name: `${name}_se`,
      reduction,
      reduceInitializer: (layerName) => this.#init(HE_UNIFORM, layerName),
      expandInitializer: (layerName) => this.#init(GLOROT_UNIFORM, layerName),
    });
  }

  maxPool(x: SymbolicTensor, name: string, window: PoolWindow): SymbolicTensor {
    const { size, strides = size, padding = 'valid' } = window;
    return apply(layers.maxPooling2d({ name, poolSize: size, strides, padding }), x);
  }

  sample(x: SymbolicTensor, name: string, { filters, strides = 1 }: ConvWindow): SymbolicTensor {
    return apply(identityShortcut({ name, filters, strides }), x);
  }

  join(branch: SymbolicTensor, shortcut: SymbolicTensor, name: string): SymbolicTensor {
    const sum = apply(layers.add({ name: `${name}_add` }), [branch, shortcut]);
    return apply(relu(name), sum);
  }

  averagePool(x: SymbolicTensor, name: string): SymbolicTensor {
    return apply(layers.globalAveragePooling2d({ name }), x);
  }

  flatten(x: SymbolicTensor, name: string): SymbolicTensor {
    return apply(layers.flatten({ name }), x);
  }

  dense(x: SymbolicTensor, name: string, { units, dropout }: DenseLayer): SymbolicTensor {
    const kernelInitializer = this.#init(HE_UNIFORM, name);
    const y = apply(layers.dense({ name, units, activation: 'relu', kernelInitializer }), x);
    return dropout === undefined ? y : apply(layers.dropout({ name: `${name}_dropout`, rate: dropout }), y);
  }

  channels(x: SymbolicTensor): number {
    return x.shape[x.shape.length - 1] as number; // the plan knows every size but the batch
  }

  /** The classifier: a dense layer `logits` and, apart from it for those who train on logits, `probabilities`. */
  classify(x: SymbolicTensor): SymbolicTensor {
    const kernelInitializer = this.#init(GLOROT_UNIFORM, 'logits');
    const logits = apply(layers.dense({ name: 'logits', units: this.#plan.classes, kernelInitializer }), x);
    return apply(layers.softmax({ name: 'probabilities' }), logits);
  }

  #conv(x: SymbolicTensor, name: string, window: ConvWindow, kind: ConvKind, part: number): SymbolicTensor {
    const { filters, kernelSize = 3, strides = 1, relu: hasRelu = true, normalizedPair = false } = window;
    const y = convBlock(x, {
      name,
      kind,
      part,
      filters,
      kernelSize,
      strides,
      padding: 'same',
      useBias: false,
      kernelInitializer: (layerName) => this.#init(HE_UNIFORM, layerName),
      ...(normalizedPair && { between: (layerName: string) => [norm(layerName), relu(layerName)] }),
    });
    const normalized = apply(norm(name), y);
    return hasRelu ? apply(relu(name), normalized) : normalized;
  }

  #init(scheme: VarianceScaling, layerName: string): SeededVarianceScaling {
    return seededInitializer(scheme, `${this.#plan.seed}/${layerName}`);
  }
}

function norm(name: string): layers.Layer {
  return layers.batchNormalization({ name: `${name}_bn`, momentum: 0.9, epsilon: 1e-5 });
}

function relu(name: string): layers.Layer {
  return layers.activation({ activation: 'relu', name: `${name}_relu` });
}

/** One tensor out. */
function apply(layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(x) as SymbolicTensor;
}
