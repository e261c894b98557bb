/**
 * What `tf.grads` makes of activation(hetConv2d + bias). Inputs are exact in float32, so the sum before the activation is known to
 * the bit; the activation's own gradient is asked of the backend (it is stock tfjs), and everything behind it of the oracle.
 */
import {
  add,
  backend_util,
  conv2d,
  getGradient,
  getKernel,
  grad,
  prelu,
  type Rank,
  type Tensor,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { type Activation, denseShape, fused, type HetConvPlan, planHetConv, referenceForward } from '@hetconv/core';
import type { Differentiable, GradientCase } from '../cases/case.ts';
import { type Expected, expectedOf } from '../oracle/expected.ts';
import { maskedDense, takeWeights } from '../oracle/masked-dense.ts';
import { type CaseValues, drawValues } from '../oracle/values.ts';
import { type CaseContext, Skipped } from '../run/context.ts';
import { compare, compareShape } from './compare.ts';
import { type OperatorInputs, operatorOptions, putInputs } from './operator.ts';
import { stockPadding } from './stock.ts';

/** Slope of 'leakyrelu': a power of two, so that products with it are exact. */
const ALPHA = 0.25;

/** The stock kernels behind the activations. */
const STOCK_ACTIVATION: Readonly<Record<Activation, string | undefined>> = {
  linear: undefined,
  relu: 'Relu',
  relu6: 'Relu6',
  prelu: 'Prelu',
  elu: 'Elu',
  leakyrelu: 'LeakyRelu',
  sigmoid: 'Sigmoid',
};

const PASS = {
  x: 'inputGradient',
  pointwise: 'pointwiseGradient',
  spatial: 'spatialGradient',
  bias: 'biasGradient',
} as const;

export async function checkGradient(test: GradientCase, context: CaseContext): Promise<number> {
  const plan = planHetConv(test.request);
  const pass = PASS[test.wrt];
  if (pass !== 'biasGradient') context.serving(pass, plan);
  requireStockGradients(test, context);

  const values = drawValues({ ...test, fused: { bias: 'channel', activation: test.activation } }, plan);
  const inputs = putInputs(context, values);
  const upstream = await activationGradient(test.activation, plan, values, inputs, context);
  const expected = expectedOf(pass, plan, { ...values, dy: { ...values.dy, data: upstream } }, undefined);
  const exact = test.activation !== 'elu' && test.activation !== 'sigmoid';

  const gradient = context.own(grad(operatorOf(test, inputs))(inputs[test.wrt], inputs.dy));
  compareShape(`gradient of ${test.wrt}`, gradient.shape, expected.shape);
  const ratio = compare(`gradient of ${test.wrt}`, await gradient.data(), expected, exact);
  if (test.against === 'dense') await compareStock(test, plan, values, inputs, expected, exact, context);
  return ratio;
}

function operatorOf(test: GradientCase, inputs: OperatorInputs): (t: Tensor) => Tensor {
  const { x, pointwise, spatial, bias, slopes } = inputs;
  const options = { ...operatorOptions(test.request), activation: test.activation, leakyreluAlpha: ALPHA };
  const activated = test.activation === 'prelu' ? { ...options, preluActivationWeights: slopes } : options;
  return (t) => fused.hetConv2d<Tensor4D>({ x, pointwise, spatial, bias, [test.wrt]: t, ...activated });
}

/** dL/dz from dL/dy, z = hetConv2d + bias, by stock tfjs on the exact z. */
async function activationGradient(
  activation: Activation,
  plan: HetConvPlan,
  values: CaseValues,
  inputs: OperatorInputs,
  context: CaseContext,
): Promise<Float32Array> {
  if (activation === 'linear') return values.dy.data;
  const sums = referenceForward(plan, values.x.data, values.pointwise.data, values.spatial.data).values;
  const bias = values.bias.data;
  const z = context.put({ shape: values.dy.shape, data: Float32Array.from(sums, (v, i) => v + bias[i % bias.length]) });
  const { slopes, dy } = inputs; // uploaded here: what a tape's function makes is disposed behind it
  const upstream = context.own(grad((t) => activate(t, activation, slopes))(z, dy));
  return (await upstream.data()) as Float32Array;
}

/** The same gradient by `tf.conv2d` with the masked dense filter, on the same backend. */
async function compareStock(
  test: GradientCase,
  plan: HetConvPlan,
  values: CaseValues,
  inputs: OperatorInputs,
  expected: Expected,
  exact: boolean,
  context: CaseContext,
): Promise<void> {
  const data = maskedDense(plan, values.pointwise.data, values.spatial.data);
  const filter = context.put<Rank.R4>({ shape: denseShape(plan), data });
  const { x, bias, dy, slopes } = inputs;
  const strides: [number, number] = [plan.strideHeight, plan.strideWidth];
  const { pad: asked } = test.request;
  const pad = asked === 'same' || asked === 'valid' ? asked : stockPadding(plan); // tfjs-node's gradients take no other
  const f = (image: Tensor, weights: Tensor, added: Tensor): Tensor => {
    const y = conv2d(image as Tensor4D, weights as Tensor4D, strides, pad);
    return activate(add(y, added), test.activation, slopes);
  };
  const ofInput: Record<Differentiable, readonly [(t: Tensor) => Tensor, Tensor]> = {
    x: [(t) => f(t, filter, bias), x],
    bias: [(t) => f(x, filter, t), bias],
    pointwise: [(t) => f(x, t, bias), filter],
    spatial: [(t) => f(x, t, bias), filter],
  };
  const [g, at] = ofInput[test.wrt];
  const dense = await context.own(grad(g)(at, dy)).data();
  const taken = test.wrt === 'pointwise' || test.wrt === 'spatial' ? takeWeights(plan, dense, test.wrt) : dense;
  compare(`gradient of ${test.wrt} by tf.conv2d with the masked dense filter`, taken, expected, exact);
}

/** tfjs-core alone registers no gradients of stock ops; tfjs-layers and the union package do. */
function requireStockGradients(test: GradientCase, context: CaseContext): void {
  const needed = [STOCK_ACTIVATION[test.activation], ...(test.against === 'dense' ? ['Conv2D', 'Add'] : [])];
  const missing = needed.find((kernel) => kernel !== undefined && getGradient(kernel) === undefined);
  if (missing !== undefined) {
    throw new Skipped(
      `tfjs's gradient of ${missing} is not registered: import '@tensorflow/tfjs' or tfjs-layers first`,
    );
  }
  if (test.against === 'oracle' || test.wrt === 'bias') return;
  const kernel = test.wrt === 'x' ? 'Conv2DBackpropInput' : 'Conv2DBackpropFilter';
  if (getKernel(kernel, context.backend) == null) {
    throw new Skipped(`the stock ${context.backend} backend has no ${kernel} to compare with`);
  }
}

function activate(z: Tensor, activation: Activation, slopes: Tensor): Tensor {
  if (activation === 'prelu') return prelu(z, slopes);
  return backend_util.applyActivation(z, activation, undefined, ALPHA);
}
