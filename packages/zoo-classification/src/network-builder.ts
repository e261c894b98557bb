/** The building blocks that the networks share; each layer gets its name, and from it its seed. */
import { GLOROT_UNIFORM, HE_UNIFORM, type VarianceScaling } from '@hetconv/core';
import { convBlock, type ConvKind, seededInitializer, type SeededVarianceScaling } from '@hetconv/layers';
import { input, layers, type LayersModel, model, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import type { ConvSpec, NetworkPlan } from './network-plan.ts';

/**
 * Builds on a plan. Convolutions have no bias, because a normalisation follows each of them; weights are He-uniform
 * (glorot-uniform for the logits), seeded by `seed/layer name`.
 */
export class NetworkBuilder {
  readonly input: SymbolicTensor;
  readonly #plan: NetworkPlan;

  constructor(plan: NetworkPlan) {
    this.#plan = plan;
    this.input = input({ shape: plan.inputShape, name: 'image' });
  }

  /** The first convolution of a network: 3x3, standard in every kind. */
  stem(x: SymbolicTensor, spec: ConvSpec): SymbolicTensor {
    return this.#conv(x, spec, 'standard', 1);
  }

  /** A 3x3 convolution of the plan's kind, 'same' padding. */
  conv(x: SymbolicTensor, spec: ConvSpec): SymbolicTensor {
    return this.#conv(x, spec, this.#plan.convKind, this.#plan.parts.get(spec.name) ?? 1);
  }

  /** Batch normalisation. */
  norm(x: SymbolicTensor, name: string): SymbolicTensor {
    return apply(layers.batchNormalization({ name: `${name}_bn`, momentum: 0.9, epsilon: 1e-5 }), x);
  }

  relu(x: SymbolicTensor, name: string): SymbolicTensor {
    return apply(layers.activation({ activation: 'relu', name: `${name}_relu` }), x);
  }

  /** A hidden dense layer with ReLU. */
  dense(x: SymbolicTensor, name: string, units: number): SymbolicTensor {
    return apply(layers.dense({ name, units, activation: 'relu', kernelInitializer: this.#init(HE_UNIFORM, name) }), x);
  }

  /** The classifier: a dense layer `logits` and, apart from it for those who train on logits, `probabilities`. */
  finish(x: SymbolicTensor): LayersModel {
    const { name, convKind, part, classes, inputShape, seed } = this.#plan;
    const kernelInitializer = this.#init(GLOROT_UNIFORM, 'logits');
    const logits = apply(layers.dense({ name: 'logits', units: classes, kernelInitializer }), x);
    const outputs = apply(layers.softmax({ name: 'probabilities' }), logits);
    const built = model({ inputs: this.input, outputs, name });
    built.setUserDefinedMetadata({ hetconv: { model: name, convKind, part, classes, inputShape, seed } });
    return built;
  }

  #conv(x: SymbolicTensor, spec: ConvSpec, kind: ConvKind, part: number): SymbolicTensor {
    const { name, filters, strides = 1 } = spec;
    const kernelInitializer = (layerName: string): SeededVarianceScaling => this.#init(HE_UNIFORM, layerName);
    const window = { filters, kernelSize: 3, strides, padding: 'same', useBias: false } as const;
    return convBlock(x, { ...window, kind, part, name, kernelInitializer });
  }

  #init(scheme: VarianceScaling, layerName: string): SeededVarianceScaling {
    return seededInitializer(scheme, `${this.#plan.seed}/${layerName}`);
  }
}

/** One tensor in, one tensor out. */
export function apply(layer: layers.Layer, x: SymbolicTensor | SymbolicTensor[]): SymbolicTensor {
  return layer.apply(x) as SymbolicTensor;
}
