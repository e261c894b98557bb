/**
 * Every backend of the workspace that runs in browsers, as a page sees it: the packages named `backend-*` are found when the page is built, so a new
 * one is tested without a word here.
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plainWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simdWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threadedWasm from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import type { BackendProvider } from '@hetconv/core';

const packages = import.meta.glob<{ readonly backend?: BackendProvider }>('../../packages/backend-*/src/index.ts');

/** @throws Error where a backend package exports no provider */
export async function browserProviders(): Promise<BackendProvider[]> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainWasm,
    'tfjs-backend-wasm-simd.wasm': simdWasm,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedWasm,
  });
  const providers: BackendProvider[] = [];
  for (const [file, load] of Object.entries(packages)) {
    const { backend } = await load();
    if (backend === undefined) throw new Error(`${file} exports no backend.`);
    if (backend.environments?.includes('browser') ?? true) providers.push(backend);
  }
  return providers;
}
