/** What the driver's result codes mean to a caller. */
import { DeviceLostError, HetConvError, UnsupportedError } from '@hetconv/core';
import type { DriverApi, Out } from './api.ts';

export const SUCCESS = 0;
export const OUT_OF_MEMORY = 2;
export const NOT_READY = 600;

const NO_DEVICE = 100;
/** The driver's library and its kernel module are of different versions, as after an update without a restart. */
const SYSTEM_DRIVER_MISMATCH = 803;

/** Codes after which nothing on the device can be used any more: a kernel has failed. */
const LOST: ReadonlySet<number> = new Set([214, 700, 702, 710, 714, 715, 716, 717, 718, 719]);

/** `CUDA_ERROR_LAUNCH_FAILED (719): unspecified launch failure` */
export function describeResult(api: DriverApi, code: number): string {
  const name: Out<string | null> = [null];
  const text: Out<string | null> = [null];
  api.cuGetErrorName(code, name);
  api.cuGetErrorString(code, text);
  const detail = text[0] === null || text[0] === name[0] ? '' : `: ${text[0]}`;
  return `${name[0] ?? 'CUDA error'} (${code})${detail}`;
}

/** The error for a failed call. `what` was being done; `context` says more where the failure may be an earlier kernel's. */
export function errorOf(api: DriverApi, code: number, what: string, context = ''): HetConvError {
  const description = describeResult(api, code);
  if (LOST.has(code)) return new DeviceLostError('cuda', `${what} failed with ${description}${context}`);
  if (code === NO_DEVICE) return new UnsupportedError('The NVIDIA driver is installed, but finds no GPU.');
  if (code === SYSTEM_DRIVER_MISMATCH) {
    return new UnsupportedError('The NVIDIA driver was updated while it was loaded: restart the machine.');
  }
  return new HetConvError('unsupported', `The cuda backend: ${what} failed with ${description}.`);
}
