/** Finds and starts tfjs-node or tfjs-node-gpu, or says why there is none. Nothing of them is loaded before it is asked for. */
import type { Availability } from '@hetconv/core';
import { concat, findBackend, findBackendFactory, getBackend, setBackend, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { BACKEND, isTensorflowBackend, type TensorflowBackend } from './backend.ts';

/** In the order in which they are tried: the GPU package runs without a GPU, too. */
const PACKAGES: readonly string[] = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node'];

/** The tfjs backend 'tensorflow', if it is loaded and tfjs-node's. */
export function runningBackend(): TensorflowBackend | undefined {
  const found: unknown = findBackendFactory(BACKEND) == null ? undefined : findBackend(BACKEND);
  return isTensorflowBackend(found) ? found : undefined;
}

/** The current tfjs backend stays what it was. */
export async function prepare(): Promise<Availability> {
  if (globalThis.process?.versions?.node === undefined) return unavailable('tfjs-node runs in Node only');
  const before: string | null | undefined = getBackend(); // null after `removeBackend`
  const reason = await start();
  if (before != null) await setBackend(before);
  // Where none was current: one that fails must not stay. 'cpu' comes with tfjs-node.
  else if (reason !== undefined && findBackendFactory(BACKEND) != null) await setBackend('cpu');
  return reason === undefined ? { available: true } : unavailable(reason);
}

function unavailable(reason: string): Availability {
  return { available: false, reason };
}

/** @returns why it is impossible, or nothing */
async function start(): Promise<string | undefined> {
  try {
    return (await load()) ?? (await tryOut());
  } catch (error) {
    return explain(error);
  }
}

/** Loads the first package that is installed, unless a program has done so. @returns why that is impossible, or nothing */
async function load(): Promise<string | undefined> {
  if (findBackendFactory(BACKEND) != null) return undefined;
  for (const name of PACKAGES) {
    try {
      await import(name); // registers the backend, and makes it the current one
      return undefined;
    } catch (error) {
      if (!isMissing(error, name)) return explain(error, name);
    }
  }
  return 'neither @tensorflow/tfjs-node nor @tensorflow/tfjs-node-gpu is installed';
}

/** A first operation: there tfjs-node 4.22 fails on Node 23 and later. Over a list of tensors, as that calls all that Node removes. */
async function tryOut(): Promise<string | undefined> {
  if (runningBackend() === undefined) return `the tfjs backend '${BACKEND}' is not that of tfjs-node 4.22`;
  await setBackend(BACKEND);
  const [one, two] = tidy(() => concat([tensor1d([1]), tensor1d([2])]).dataSync());
  return one === 1 && two === 2 ? undefined : `TensorFlow computes wrong values: [1] and [2] gave [${one}, ${two}]`;
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as NodeJS.ErrnoException;
  return (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') && message.includes(`'${name}'`);
}

/** What a person can do about it. */
function explain(error: unknown, name = 'tfjs-node'): string {
  const { code, message }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const [line] = message.split('\n', 1);
  if (/is(?:NullOrUndefined|Array)\)? is not a function/.test(message)) {
    return (
      'tfjs-node 4.22 calls util.isNullOrUndefined, which Node 23 removed: run it on Node 22, or with ' +
      '--import @hetconv/backend-node/restore-util; NVIDIA GPUs work on any Node through @hetconv/backend-cuda'
    );
  }
  if (code === 'ERR_DLOPEN_FAILED') return `the native addon of ${name} does not load on this machine: ${line}`;
  if (message.includes('tfjs_binding.node')) {
    return `${name} is installed without its native addon (npm's --ignore-scripts, or a download that failed): npm rebuild ${name}`;
  }
  return `${name} does not start: ${line}`;
}
