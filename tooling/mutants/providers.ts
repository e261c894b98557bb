/** The backend that a mutant is shown on. Imported only behind the load hook: nothing of it may be in memory before. */
import { type BackendProvider, composedProvider } from '@hetconv/core';
import type { Place } from './mutant.ts';

export async function providerAt(place: Place): Promise<BackendProvider> {
  if (place === 'composed') return composedProvider('cpu', () => import('@tensorflow/tfjs-backend-cpu'));
  const { backend } = (await import(`@hetconv/backend-${place}`)) as { readonly backend: BackendProvider };
  return backend;
}
