/** A layer on this backend: HetConv at every P beside our own dense kernel. No bias and no activation: as the peers run it. */
import {
  createRandom,
  errorBound,
  errorRatio,
  HE_UNIFORM,
  hetConv2d,
  type HetConvPlan,
  initializeHetConv,
  planHetConv,
  pointwiseShape,
  referenceOutput,
  spatialShape,
  toDense,
  variantFor,
} from '@hetconv/core';
import type { LayerRequest } from '@hetconv/bench';
import * as tf from '@tensorflow/tfjs-core';
import { cudaKernels } from '../src/index.ts';
import { contenderNames, type DeviceContender } from './contender.ts';
import type { DeviceClock } from './device-clock.ts';

/** Outputs of an image that are compared with the float64 reference. */
const CHECKED = 64;

/** HetConv at one P, or the dense convolution of the weights of P = 1. */
interface Subject {
  readonly name: string;
  readonly plan: HetConvPlan;
  readonly weights: { readonly pointwise: Float32Array; readonly spatial: Float32Array };
  readonly compute: () => tf.Tensor4D;
}

export interface OurContender extends DeviceContender {
  readonly part: number;
  readonly plan: HetConvPlan;
  readonly variant: string;
  /** Worst error of the checked outputs, in units of u * sum|x*w|. */
  readonly worstRatio: number;
  /** Of the host, for a call; of the latest turn. */
  readonly hostMs: () => number;
}

export class OurLayer {
  readonly #image: Float32Array;
  readonly #subjects: readonly Subject[];
  readonly #x: tf.Tensor4D;

  /**
   * Its tensors belong to the caller's scope of tfjs's engine.
   *
   * @param layer 'same' padding; the images of a batch are equal
   */
  constructor(layer: LayerRequest) {
    const { batch, height, width, in: M, out: N, kernel: kernelSize, stride: strides } = layer;
    const random = createRandom('beside cudnn');
    this.#image = Float32Array.from({ length: height * width * M }, () => 2 * random.uniform() - 1);
    this.#x = tf.tidy(() => tf.tile(tf.tensor4d(this.#image, [1, height, width, M]), [batch, 1, 1, 1]));
    const x = this.#x;
    const subjectOf = (part: number): Subject & { readonly tensors: readonly [tf.Tensor4D, tf.Tensor3D] } => {
      const common = { part, kernelSize, strides, pad: 'same' } as const;
      const plan = planHetConv({ inputShape: x.shape, outChannels: N, ...common });
      const weights = initializeHetConv(plan, HE_UNIFORM, part);
      const pointwise = tf.tensor4d(weights.pointwise, pointwiseShape(plan));
      const spatial = tf.tensor3d(weights.spatial, spatialShape(plan));
      const compute = (): tf.Tensor4D => hetConv2d(x, pointwise, spatial, common);
      return { name: contenderNames.hetConv(part), plan, weights, compute, tensors: [pointwise, spatial] };
    };
    const standard = subjectOf(1);
    const filter = toDense(...standard.tensors, { part: 1, kernelSize });
    const dense = {
      ...standard,
      name: contenderNames.dense,
      compute: (): tf.Tensor4D => tf.conv2d(x, filter, strides, 'same'),
    };
    this.#subjects = [dense, ...layer.parts.map((part) => (part === 1 ? standard : subjectOf(part)))];
  }

  /** @throws Error for outputs beyond their error bound: what is wrong is not timed */
  async contenders(clock: DeviceClock): Promise<OurContender[]> {
    const contenders: OurContender[] = [];
    for (const subject of this.#subjects) {
      const { name, plan, compute } = subject;
      const worstRatio = await this.#check(subject);
      let hostMs = 0;
      contenders.push({
        name,
        part: plan.part,
        plan,
        variant: variantFor(cudaKernels, 'forward', plan)?.name ?? '(unnamed)',
        worstRatio,
        hostMs: () => hostMs,
        async time(runs) {
          const timed = await clock.time(compute, runs);
          hostMs = timed.hostMs;
          return timed.ms;
        },
      });
    }
    return contenders;
  }

  /** Some outputs of the first and of the last image. */
  async #check({ name, plan, weights, compute }: Subject): Promise<number> {
    const y = tf.tidy(compute);
    const size = plan.outHeight * plan.outWidth * plan.outChannels;
    const images = [0, plan.batch - 1].map((index) => tf.tidy(() => tf.slice(y, [index], [1])));
    const values = await Promise.all(images.map((image) => image.data()));
    tf.dispose([y, ...images]);
    const random = createRandom(name);
    let worst = 0;
    for (let i = 0; i < CHECKED; i++) {
      const element = i === 0 ? size - 1 : random.integer(0, size - 1);
      const { value, magnitude, terms } = referenceOutput(
        plan,
        this.#image,
        weights.pointwise,
        weights.spatial,
        element,
      );
      for (const image of values) {
        const error = Math.abs(image[element] - value);
        if (!(error <= errorBound(terms, magnitude))) {
          throw new Error(`${name} is wrong: element ${element} is ${image[element]}, the reference gives ${value}.`);
        }
        worst = Math.max(worst, errorRatio(error, magnitude));
      }
    }
    return worst;
  }
}
