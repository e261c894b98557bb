/** Starts the tfjs webgpu backend where there is a device for it: the browser's, or in Node that of Dawn. */
import type { Availability } from '@hetconv/core';
import type * as NodeEntry from './node.ts';
import { startedBackend } from './run/device.ts';
import { getBackend, setBackend } from '@tensorflow/tfjs-core';

/** The current tfjs backend stays what it was. */
export async function prepare(): Promise<Availability> {
  try {
    const reason = (await missing()) ?? (await start());
    return reason === undefined ? { available: true } : { available: false, reason };
  } catch (error) {
    return { available: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Why there is no adapter, if so. */
async function missing(): Promise<string | undefined> {
  if (isNode() && gpu() === undefined) {
    // Joined at run time, so that a bundler for browsers does not follow it into Node's modules.
    const entry = ['@hetconv/backend-webgpu', 'node'].join('/');
    const { startDawn } = (await import(/* @vite-ignore */ /* webpackIgnore: true */ entry)) as typeof NodeEntry;
    await startDawn();
  }
  const here = gpu();
  if (here === undefined)
    return 'this browser has no WebGPU (navigator.gpu), or the page is not served from a secure origin';
  const adapter = await here.requestAdapter({ powerPreference: 'high-performance' });
  return adapter === null ? 'WebGPU is there, but it offers no adapter' : undefined;
}

/** Why tfjs does not start, if so. */
async function start(): Promise<string | undefined> {
  await import('@tensorflow/tfjs-backend-webgpu'); // registers the tfjs backend itself, if navigator.gpu is there
  const before: string | undefined = getBackend();
  const hasStarted = await setBackend('webgpu');
  if (hasStarted && isNode()) reportErrors(startedBackend().device);
  if (before) await setBackend(before);
  return hasStarted ? undefined : 'the tfjs webgpu backend does not start; the console says why';
}

const reporting = new WeakSet<GPUDevice>();

/** Dawn writes what a device reports to stdout, into the midst of a command's results: to stderr with it. */
function reportErrors(device: GPUDevice): void {
  if (reporting.has(device)) return;
  reporting.add(device);
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    process.stderr.write(`webgpu: ${event.error.message}\n`);
  });
}

function isNode(): boolean {
  return globalThis.process?.versions?.node !== undefined;
}

function gpu(): GPU | undefined {
  return globalThis.navigator?.gpu;
}
