/** The cpu backend of this process: what a browser's results are compared with where nothing else runs here. */
import type { BackendProvider } from '@hetconv/core';

export async function cpuReference(): Promise<BackendProvider> {
  const { backend } = await import('@hetconv/backend-cpu');
  await backend.prepare();
  return backend;
}
