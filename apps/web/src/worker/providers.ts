/** The backend packages, and which of them run here. */
import type { Availability, BackendProvider } from '@hetconv/core';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import type { BackendName } from '../backend-names.ts';
import type { BackendInfo, Facts } from './protocol.ts';

const LOADERS: Readonly<Record<BackendName, () => Promise<{ readonly backend: BackendProvider }>>> = {
  cpu: () => import('@hetconv/backend-cpu'),
  wasm: () => import('@hetconv/backend-wasm'),
  webgl: () => import('@hetconv/backend-webgl'),
  webgpu: () => import('@hetconv/backend-webgpu'),
};

/** tfjs fetches its Wasm builds at run time: from the page's own folder, not from a CDN. */
export function useOwnWasmFiles(): void {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
}

/** Every backend: whether it can run here and, if not, why. */
export async function listBackends(): Promise<BackendInfo[]> {
  const prepared: [name: string, provider: BackendProvider, Availability][] = [];
  for (const [name, load] of Object.entries(LOADERS)) {
    const provider = (await load()).backend;
    prepared.push([name, provider, await provider.prepare()]);
  }
  // Described only when all have started: threads need a moment to be there.
  return prepared.map(([name, provider, availability]) => {
    if (!availability.available) return { name, ...availability, isSoftware: false, facts: {} };
    const facts = describe(provider);
    return { name, available: true, isSoftware: provider.isSoftware?.() ?? facts.isSoftware === true, facts };
  });
}

/**
 * Those of the names that run here, ready to use.
 *
 * @param onAbsent told of each that does not
 */
export async function prepareBackends(
  names: readonly string[],
  onAbsent: (message: string) => void,
): Promise<BackendProvider[]> {
  const providers: BackendProvider[] = [];
  for (const [name, load] of Object.entries(LOADERS)) {
    if (!names.includes(name)) continue;
    const { backend } = await load();
    const availability = await backend.prepare();
    if (availability.available) providers.push(backend);
    else onAbsent(`${name}: ${availability.reason}`);
  }
  return providers;
}

function describe(provider: BackendProvider): Facts {
  return { kernels: provider.kernels().provider, ...provider.describe?.() };
}
