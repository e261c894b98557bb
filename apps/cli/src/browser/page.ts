/** Runs in the page, not in Node: the benchmarks and the conformance suite, on the backends that the page was built with. */
import {
  type BenchedModel,
  benchLayers,
  benchModel,
  type BenchOptions,
  describeBackends,
  environment,
} from '@hetconv/bench';
import { runConformance } from '@hetconv/conformance';
import type { BackendProvider } from '@hetconv/core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { enableProdMode, io, setBackend, tensor4d } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu'; // weights live somewhere before a backend is asked for
import { registerHetConvLayers } from '@hetconv/layers';
import { distinctLayers } from '@hetconv/zoo-classification';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { decodeFloats, type PageTasks, type Timing } from './protocol.ts';

type Loaders = Readonly<Record<string, () => Promise<{ readonly backend: BackendProvider }>>>;

/**
 * @param loaders the backend packages, by the name of their provider
 * @param wasmPath where the page finds tfjs's .wasm files
 */
export async function startPage(loaders: Loaders, wasmPath: string): Promise<void> {
  enableProdMode();
  setWasmPaths(wasmPath);
  await setBackend('cpu');
  registerHetConvLayers();
  globalThis.hetconvTasks = tasks(loaders);
}

function tasks(loaders: Loaders): PageTasks {
  const load = async (name: string): Promise<BackendProvider> => (await loaders[name]()).backend;
  const loadAll = (names: readonly string[]): Promise<BackendProvider[]> => Promise.all(names.map(load));
  return {
    prepare: async (name) => (await load(name)).prepare(),

    describe: async (names) => ({ page: environment(), backends: describeBackends(await loadAll(names)) }),

    conformance: async ({ backends, ...options }) =>
      runConformance({ providers: await loadAll(backends), layers: distinctLayers(), ...options, onProgress: report }),

    layers: async ({ backends, layers, timing }) => benchLayers(await loadAll(backends), layers, withProgress(timing)),

    async models({ backends, models, timing }) {
      const { images, reference, networks, standard, ...request } = models;
      const loaded: BenchedModel[] = [];
      for (const { kind, part, url } of networks) loaded.push({ kind, part, model: await fetchModel(url) });
      return benchModel(
        await loadAll(backends),
        {
          ...request,
          models: loaded,
          standard: await fetchModel(standard),
          images: tensor4d(decodeFloats(images.values), [...images.shape]),
          reference: { ...reference, outputs: reference.outputs.map(decodeFloats) },
        },
        withProgress(timing),
      );
    },
  };
}

function fetchModel(url: string): Promise<LayersModel> {
  return loadLayersModel(io.http(url));
}

function withProgress(timing: Timing): BenchOptions {
  return { ...timing, onProgress: report };
}

function report({ stage, loaded, total }: { stage: string; loaded: number; total: number }): void {
  void globalThis.hetconvProgress({ stage, loaded, total });
}
