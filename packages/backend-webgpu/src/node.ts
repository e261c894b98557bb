/**
 * WebGPU in Node by Dawn (the npm package `webgpu`, an optional peer): one call before `tf.setBackend('webgpu')`.
 *
 * ```ts
 * import { startDawn } from '@hetconv/backend-webgpu/node';
 * console.log((await startDawn()).description);
 * ```
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UnsupportedError } from '@hetconv/core';
import { isSoftwareAdapter } from './run/device.ts';

export interface DawnOptions {
  /** Dawn's own options, e.g. `['backend=vulkan', 'adapter=NVIDIA']`. */
  readonly flags?: readonly string[];
  /** Path of a Vulkan driver's ICD file; default: what the loader finds, else SwiftShader beside an installed Chromium. */
  readonly icd?: string;
  /** False: refuse a rasteriser that computes on the CPU. Default true. */
  readonly allowSoftware?: boolean;
}

/** The adapter that was found. */
export interface DawnAdapter {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** True for a rasteriser that computes on the CPU: its speed says little of a GPU. */
  readonly isSoftware: boolean;
}

let started: Promise<DawnAdapter> | undefined;

/**
 * Gives Node a `navigator.gpu` and the WebGPU constants, and finds an adapter. Must run before '@tensorflow/tfjs-backend-webgpu'
 * is imported (that package registers its backend only where it finds a GPU) - `register` of this package does import it.
 * Further calls return the first one's answer. The process exits as usual when its work is done.
 *
 * @throws UnsupportedError saying what to install, where the package or an adapter is missing
 */
export function startDawn(options: DawnOptions = {}): Promise<DawnAdapter> {
  started ??= start(options).catch((error: unknown) => {
    started = undefined; // what was missing may be there next time
    throw error;
  });
  return started;
}

async function start({ flags = [], icd, allowSoftware = true }: DawnOptions): Promise<DawnAdapter> {
  const dawn = await loadDawn();
  Object.assign(globalThis, dawn.globals);
  for (const driver of drivers(icd, allowSoftware)) {
    process.env.XDG_RUNTIME_DIR ??= tmpdir(); // drivers complain on stderr without one
    if (driver !== undefined) process.env.VK_ICD_FILENAMES = driver; // the loader reads it when an instance is made
    const gpu = dawn.create([...flags]);
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (adapter === null) continue;
    const { vendor, architecture, description } = adapter.info;
    const found = { vendor, architecture, description, isSoftware: isSoftwareAdapter(adapter.info) };
    if (found.isSoftware && !allowSoftware) continue;
    setNavigatorGpu(gpu);
    return found;
  }
  throw new UnsupportedError(
    `WebGPU in Node: Dawn found no ${allowSoftware ? '' : 'hardware '}adapter. ${ADVICE[process.platform] ?? 'Install a driver of your GPU.'}`,
  );
}

const ADVICE: Readonly<Record<string, string>> = {
  linux:
    'Install the Vulkan loader (Debian, Ubuntu: apt-get install libvulkan1) and the Vulkan driver of your GPU; without a GPU install ' +
    'chromium too: its SwiftShader is found by itself. Or name a driver: VK_ICD_FILENAMES=/path/to/vk_swiftshader_icd.json.',
  darwin: 'It needs macOS with Metal.',
  win32: 'Install a driver with Direct3D 12 or Vulkan.',
};

interface Dawn {
  create(flags: string[]): GPU;
  readonly globals: object;
}

async function loadDawn(): Promise<Dawn> {
  try {
    return await import('webgpu');
  } catch (error) {
    const isMissing = !canResolve('webgpu');
    const message = isMissing
      ? "WebGPU in Node needs Dawn: install the package 'webgpu' (npm install webgpu)."
      : `WebGPU in Node: the package 'webgpu' is installed but does not load here (Linux: glibc 2.34 or newer): ${String(error)}`;
    throw new UnsupportedError(message, { cause: error });
  }
}

function canResolve(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Vulkan drivers in the order in which they are tried; undefined stands for what the loader finds by itself. */
function drivers(icd: string | undefined, allowSoftware: boolean): (string | undefined)[] {
  if (icd !== undefined) return [icd];
  if (process.platform !== 'linux') return [undefined];
  if (process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES) return [undefined];
  const software = allowSoftware ? SWIFTSHADER.filter((file) => existsSync(file)).slice(0, 1) : [];
  // Without a GPU's device file the loader finds software only, of which Dawn refuses Mesa's (with a warning on stderr).
  const hasGpu = GPU_FILES.some((file) => existsSync(file));
  return hasGpu || software.length === 0 ? [undefined, ...software] : software;
}

const GPU_FILES: readonly string[] = ['/dev/dri', '/dev/nvidiactl', '/dev/kfd', '/dev/dxg', '/dev/mali0'];

const SWIFTSHADER: readonly string[] = [
  ...(process.env.CHROME_BIN === undefined ? [] : [dirname(process.env.CHROME_BIN)]),
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/usr/share/vulkan/icd.d',
].map((folder) => join(folder, 'vk_swiftshader_icd.json'));

function setNavigatorGpu(gpu: GPU): void {
  const property = { value: gpu, configurable: true, enumerable: true };
  if (globalThis.navigator === undefined)
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true }); // Node 20
  Object.defineProperty(globalThis.navigator, 'gpu', property);
}
