/**
 * Models on disk, for Node without tfjs-node: an IOHandler for `model.save` and `tf.loadLayersModel`.
 *
 * A model is two files, but it is replaced in one step. The weights get a name of their own, made from their content; the
 * rename of model.json, which says which weights are its own, is the moment of change. A save that is cut short leaves the
 * old pair as it was.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { io } from '@tensorflow/tfjs-core';
import { registerHetConvLayers } from '../layers/registration.ts';
import { writeFileAtomically } from './atomic-write.ts';
import { invalid, manifestBytes, parseModelJson } from './model-json.ts';

/** Files that we made, and may delete once no model.json names them. */
const OWN_WEIGHTS = /^weights-[0-9a-f]{16}\.bin$/;

/**
 * An IOHandler that saves into, and loads from, a folder (`model.json` in it) or a `.json` file.
 * Loading registers the layers of this package, so that models with HetConvs load without further ado.
 *
 * ```ts
 * await model.save(fileSystem('models/vgg16-p4'));
 * const model = await tf.loadLayersModel(fileSystem('models/vgg16-p4'));
 * ```
 *
 * Loading throws InvalidArgumentError for a missing or truncated file and for JSON that is no tf.layers model;
 * saving throws UnsupportedError where the disk refuses, the old model being intact.
 */
export function fileSystem(path: string | URL): io.IOHandler {
  const given = typeof path === 'string' && !path.startsWith('file://') ? path : fileURLToPath(path);
  const modelFile = resolve(given.endsWith('.json') ? given : join(given, 'model.json'));
  return {
    save: (artifacts) => save(modelFile, artifacts),
    load: () => load(modelFile),
  };
}

async function save(modelFile: string, artifacts: io.ModelArtifacts): Promise<io.SaveResult> {
  const { modelTopology, weightData = [], weightSpecs = [], getWeightStream: _, ...described } = artifacts;
  const folder = dirname(modelFile);
  await mkdir(folder, { recursive: true });
  const before = await weightFilesOf(modelFile);
  const weights = new Uint8Array(io.CompositeArrayBuffer.join(weightData));
  const name = `weights-${createHash('sha256').update(weights).digest('hex').slice(0, 16)}.bin`;
  await writeFileAtomically(join(folder, name), weights);
  const json = { ...described, modelTopology, weightsManifest: [{ paths: [name], weights: weightSpecs }] };
  await writeFileAtomically(modelFile, JSON.stringify(json));
  const stale = before.filter((file) => file !== name && OWN_WEIGHTS.test(file));
  await Promise.all(stale.map((file) => rm(join(folder, file), { force: true })));
  return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) };
}

async function load(modelFile: string): Promise<io.ModelArtifacts> {
  registerHetConvLayers();
  const json = parseModelJson(
    modelFile,
    (await read(modelFile, 'a folder with model.json, or a .json file')).toString(),
  );
  return io.getModelArtifactsForJSON(json, async (manifest) => {
    const groups = await Promise.all(manifest.map((group) => loadGroup(modelFile, group)));
    return [io.getWeightSpecs(manifest), io.CompositeArrayBuffer.join(groups.flat())];
  });
}

async function loadGroup(modelFile: string, group: io.WeightsManifestConfig[number]): Promise<ArrayBuffer[]> {
  const files = await Promise.all(
    group.paths.map((name) => {
      const path = join(dirname(modelFile), name);
      if (isAbsolute(name) || name.split(/[\\/]/).includes('..')) {
        throw invalid(modelFile, `a model whose weights lie beside it, not at '${name}'`);
      }
      return read(path, `a file: the weights that ${basename(modelFile)} names`);
    }),
  );
  const [expected, found] = [manifestBytes(group.weights), files.reduce((total, file) => total + file.byteLength, 0)];
  if (expected !== undefined && found !== expected) {
    const names = group.paths.join(', ');
    throw invalid(modelFile, `a model with ${expected} bytes of weights in ${names}, where there are ${found}`);
  }
  return files.map((file) => file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer);
}

async function read(path: string, accepted: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw invalid(path, `${accepted} (${(error as NodeJS.ErrnoException).code ?? String(error)})`);
  }
}

/** The weights of the model that is there now; none where there is no readable one. */
async function weightFilesOf(modelFile: string): Promise<string[]> {
  try {
    const { weightsManifest } = parseModelJson(modelFile, await readFile(modelFile, 'utf8'));
    return weightsManifest.flatMap((group) => group.paths);
  } catch {
    return [];
  }
}
