/** A model benchmark as a page takes it: the very networks of this process as files to fetch, images and outputs as bytes. */
import type { ModelOutputs, ModelRequest } from '@hetconv/bench';
import { io } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { PageFile, PageFiles } from './bundle.ts';
import { encodeFloats, type PageModels } from './protocol.ts';

export interface ModelsToSend extends ModelRequest {
  readonly reference: ModelOutputs;
}

/** @returns the request, and the files that it names */
export async function pageModels(
  request: ModelsToSend,
): Promise<{ readonly models: PageModels; readonly files: PageFiles }> {
  const { name, images, batch, labels, reference } = request;
  const files = new Map<string, PageFile>();
  const share = async (model: LayersModel, i: number): Promise<string> => {
    const folder = `/networks/${i}`;
    for (const [file, content] of await modelFiles(model)) files.set(`${folder}/${file}`, content);
    return `${folder}/${MODEL_FILE}`;
  };
  const standard = await share(request.standard, 0);
  const networks: PageModels['networks'][number][] = [];
  for (const [i, { kind, part, model }] of request.models.entries()) {
    networks.push({ kind, part, url: await share(model, i + 1) });
  }
  const models: PageModels = {
    name,
    standard,
    networks,
    images: { shape: images.shape, values: encodeFloats((await images.data()) as Float32Array) },
    batch,
    ...(labels && { labels: Array.from(labels) }),
    reference: { ...reference, outputs: reference.outputs.map(encodeFloats) },
  };
  return { models, files };
}

const MODEL_FILE = 'model.json';
const WEIGHTS_FILE = 'weights.bin';

/** What `tf.loadLayersModel` fetches: the graph, and all weights bit for bit. */
async function modelFiles(model: LayersModel): Promise<PageFiles> {
  let artifacts: io.ModelArtifacts = {};
  await model.save(
    io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(saved) };
    }),
  );
  const { modelTopology, weightSpecs = [], weightData = [] } = artifacts;
  const json = { modelTopology, weightsManifest: [{ paths: [WEIGHTS_FILE], weights: weightSpecs }] };
  return new Map([
    [MODEL_FILE, { type: 'application/json', body: JSON.stringify(json) }],
    [
      WEIGHTS_FILE,
      { type: 'application/octet-stream', body: new Uint8Array(io.CompositeArrayBuffer.join(weightData)) },
    ],
  ]);
}
