/**
 * The outside peer: onnxruntime-web (wasm, one thread) on the same standard layers, interleaved with tfjs's dense convolution
 * and with HetConv, in one process: node bench/onnxruntime.ts [filter]
 * onnxruntime-web has no HetConv; its dense layer is what a user would run there.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { blockRatio, type Contender, interleave, median } from '@hetconv/bench';
import { createRandom, fused, macRatio, planHetConv, spatialShape } from '@hetconv/core';
import * as ort from 'onnxruntime-web';
import protobuf from 'protobufjs';
import { register } from '../src/index.ts';

ort.env.wasm.numThreads = 1;
await tf.setBackend('wasm');
register();

/** The part of the ONNX format (onnx.proto, Apache-2.0, field numbers are the format) that one convolution needs. */
const Model = protobuf
  .parse(
    `syntax = "proto3";
    message Attribute { string name = 1; repeated int64 ints = 8; int32 type = 20; }
    message Node { repeated string input = 1; repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
    message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
    message Dimension { int64 dim_value = 1; }
    message Shape { repeated Dimension dim = 1; }
    message TensorType { int32 elem_type = 1; Shape shape = 2; }
    message Type { TensorType tensor_type = 1; }
    message Value { string name = 1; Type type = 2; }
    message Graph { repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated Value input = 11; repeated Value output = 12; }
    message Opset { int64 version = 2; }
    message Model { int64 ir_version = 1; Graph graph = 7; repeated Opset opset_import = 8; }`,
    { keepCase: true },
  )
  .root.lookupType('Model');

const FLOAT = 1;
const INTS = 7;
const [filter = ''] = process.argv.slice(2);
const layers = [
  [56, 64, 64],
  [32, 64, 64],
  [16, 128, 128],
  [16, 256, 256],
  [8, 512, 512],
  [7, 512, 512],
];

for (const [size, M, N] of layers) {
  const label = `${size},${M},${N}`;
  if (!label.includes(filter)) continue;
  const session = await ort.InferenceSession.create(convolution(size, M, N));
  const image = new ort.Tensor('float32', floats(M * size * size), [1, M, size, size]);
  const x = tf.tensor4d(floats(M * size * size), [1, size, size, M]);
  const dense = tf.tensor4d(floats(9 * M * N), [3, 3, M, N]);
  const bias = tf.tensor1d(floats(N));
  const contenders: Contender[] = [
    {
      name: 'onnxruntime dense',
      run: async () => {
        await session.run({ x: image });
      },
    },
    tfjsContender('tfjs dense', () =>
      tf.fused.conv2d({ x, filter: dense, strides: 1, pad: 'same', bias, activation: 'relu' }),
    ),
  ];
  const ratios: string[] = [];
  for (const part of [1, 4, 64]) {
    const options = { part, kernelSize: 3, pad: 'same' } as const;
    const plan = planHetConv({ inputShape: x.shape, outChannels: N, ...options });
    const pointwise = tf.tensor4d(floats(M * N), [1, 1, M, N]);
    const spatial = tf.tensor3d(floats(plan.ringTaps * plan.depth * N), spatialShape(plan));
    contenders.push(
      tfjsContender(`HetConv P=${part}`, () =>
        fused.hetConv2d({ x, pointwise, spatial, bias, activation: 'relu', ...options }),
      ),
    );
    ratios.push(`P=${part}: ${macRatio(plan).toFixed(2)}`);
  }
  const samples = await interleave(contenders, label, { minRounds: 25 });
  const theirs = samples.get('onnxruntime dense') ?? [];
  process.stdout.write(`${label}  (MAC ratio ${ratios.join(', ')})\n`);
  for (const [name, times] of samples) {
    const speedup = blockRatio(theirs, times);
    process.stdout.write(
      `  ${name.padEnd(18)} ${median(times).toFixed(3)} ms, ${speedup.toFixed(2)}x onnxruntime-web's dense\n`,
    );
  }
  await session.release();
}

/** On wasm the result is there when the call returns. */
function tfjsContender(name: string, compute: () => tf.Tensor): Contender {
  return {
    name,
    run: async () => {
      compute().dispose();
    },
  };
}

/** A 3x3 convolution with bias, padding 1 and relu as an ONNX model; NCHW and OIHW, as ONNX has it. */
function convolution(size: number, M: number, N: number): Uint8Array {
  const value = (name: string, channels: number): object => ({
    name,
    type: {
      tensor_type: { elem_type: FLOAT, shape: { dim: [1, channels, size, size].map((dim) => ({ dim_value: dim })) } },
    },
  });
  const attribute = [
    { name: 'kernel_shape', ints: [3, 3], type: INTS },
    { name: 'pads', ints: [1, 1, 1, 1], type: INTS },
  ];
  const graph = {
    name: 'layer',
    node: [
      { op_type: 'Conv', input: ['x', 'w', 'b'], output: ['c'], attribute },
      { op_type: 'Relu', input: ['c'], output: ['y'] },
    ],
    initializer: [tensor('w', [N, M, 3, 3]), tensor('b', [N])],
    input: [value('x', M)],
    output: [value('y', N)],
  };
  return Model.encode(Model.fromObject({ ir_version: 8, opset_import: [{ version: 13 }], graph })).finish();
}

function tensor(name: string, dims: number[]): object {
  const values = floats(dims.reduce((product, side) => product * side, 1));
  return { name, dims, data_type: FLOAT, raw_data: new Uint8Array(values.buffer) };
}

function floats(size: number): Float32Array<ArrayBuffer> {
  const random = createRandom(size);
  return Float32Array.from({ length: size }, () => random.uniform() - 0.5);
}
