/** Networks on their way to a page: fetched from its server they are the ones that were sent. */
import { hetConv2d } from '@hetconv/layers';
import '@tensorflow/tfjs-backend-cpu';
import { io, tensor4d } from '@tensorflow/tfjs-core';
import { layers, type LayersModel, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { pageModels } from '../src/browser/page-models.ts';
import { decodeFloats } from '../src/browser/protocol.ts';
import { type PageServer, servePage } from '../src/browser/serve.ts';

let server: PageServer;
beforeAll(async () => {
  server = await servePage(new Map());
});
afterAll(() => server.close());

function network(part?: number): LayersModel {
  const options = { filters: 3, kernelSize: 3, padding: 'same' as const, inputShape: [4, 4, 2] };
  const convolution = part === undefined ? layers.conv2d(options) : hetConv2d({ ...options, part });
  return sequential({
    layers: [convolution, layers.batchNormalization(), layers.flatten(), layers.dense({ units: 2 })],
  });
}

it('the page fetches the same weights bit for bit, as long as they are shared', async () => {
  const [standard, hetConv] = [network(), network(2)];
  const pixels = Float32Array.from({ length: 64 }, (_, i) => Math.fround(i / 9));
  const { models, files } = await pageModels({
    name: 'tiny',
    standard,
    models: [{ kind: 'hetconv', part: 2, model: hetConv }],
    images: tensor4d(pixels, [2, 4, 4, 2]),
    labels: Uint8Array.of(1, 0),
    batch: 1,
    reference: { backend: 'cpu', outputs: [Float32Array.of(0.1, 0.2), Float32Array.of(0.3, 0.4)] },
  });
  const sent: typeof models = JSON.parse(JSON.stringify(models));
  expect(sent).toMatchObject({ name: 'tiny', batch: 1, labels: [1, 0], networks: [{ kind: 'hetconv', part: 2 }] });
  expect(decodeFloats(sent.images.values)).toEqual(pixels);
  expect(sent.reference.outputs.map(decodeFloats)[1]).toEqual(Float32Array.of(0.3, 0.4));

  const withdraw = server.share(files);
  const addresses = [sent.standard, ...sent.networks.map(({ url }) => url)].map(
    (path) => new URL(path, server.url).href,
  );
  for (const [i, model] of [standard, hetConv].entries()) {
    const fetched = await loadLayersModel(io.http(addresses[i]));
    expect(fetched.layers.map((layer) => layer.getClassName())).toEqual(
      model.layers.map((layer) => layer.getClassName()),
    );
    expect(fetched.getWeights().map((weight) => weight.dataSync())).toEqual(
      model.getWeights().map((weight) => weight.dataSync()),
    );
  }
  withdraw();
  expect((await fetch(addresses[0])).status).toBe(404);
});
