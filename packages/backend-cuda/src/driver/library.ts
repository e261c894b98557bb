/** Finds the driver's library. The NVIDIA driver brings it; the CUDA toolkit is not needed. */
import { UnsupportedError } from '@hetconv/core';
import { bindDriver, type DriverApi } from './api.ts';
import { isNode, type Koffi, loadKoffi } from './host.ts';

export interface Driver {
  readonly api: DriverApi;
  readonly koffi: typeof Koffi;
  /** The library that was loaded. */
  readonly path: string;
}

function candidates(): readonly string[] {
  if (process.platform === 'win32') return ['nvcuda.dll'];
  // The name alone is looked up by the dynamic linker; WSL and containers keep the library where it does not look.
  return ['libcuda.so.1', '/usr/lib/wsl/lib/libcuda.so.1', '/usr/local/nvidia/lib64/libcuda.so.1'];
}

/**
 * @param library a path instead of the driver's own
 * @throws UnsupportedError where there is none, saying what to do
 */
export function openDriver(library: string | undefined): Driver {
  if (!isNode()) throw new UnsupportedError('The cuda backend runs in Node only.');
  const koffi = loadKoffi();
  const tried: string[] = [];
  for (const path of library === undefined ? candidates() : [library]) {
    let handle: Koffi.LibraryHandle;
    try {
      handle = koffi.load(path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tried.push(why.includes('No such file') ? path : `${path} (${why})`);
      continue;
    }
    return { api: bindDriver(handle, path), koffi, path };
  }
  if (library !== undefined) {
    throw new UnsupportedError(`The CUDA driver library that was chosen could not be loaded: ${tried.join(', ')}.`);
  }
  throw new UnsupportedError(
    'The cuda backend needs the NVIDIA driver, whose library was not found here. Install the driver (not the CUDA toolkit) on a ' +
      `machine with an NVIDIA GPU, or use another backend. Tried: ${tried.join(', ')}.`,
  );
}
