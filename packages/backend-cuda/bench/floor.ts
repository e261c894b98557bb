/**
 * The least time that a layer can take: all its bytes over the memory's bandwidth, or all its operations over the peak of float32,
 * whichever is longer. Both peaks are computed from what the driver says of the device.
 */
import type { LayerRequest } from '@hetconv/bench';
import type { DeviceFacts } from '../src/device/device.ts';

export interface Peak {
  /** 10^9 operations a second; a multiply-add is two. */
  readonly gflops: number;
  /** 10^9 bytes a second. */
  readonly gigabytes: number;
}

/** Compute capability from which a multiprocessor has 128 float32 lanes (CUDA Programming Guide, throughput of arithmetic instructions). */
const WIDE = 8.6;

/** @returns undefined for a device that does not tell its clocks */
export function peakOf(facts: DeviceFacts): Peak | undefined {
  const { clockMHz, memoryClockMHz, memoryBusBits, multiprocessors, computeCapability } = facts;
  if (clockMHz === 0 || memoryClockMHz === 0 || memoryBusBits === 0) return undefined;
  const lanes = computeCapability < WIDE ? 64 : 128;
  return {
    gflops: (2 * lanes * multiprocessors * clockMHz) / 1e3,
    gigabytes: (2 * memoryClockMHz * (memoryBusBits / 8)) / 1e3, // two transfers a clock
  };
}

/**
 * @param macs multiply-adds of one image
 * @param weights numbers that are read beside x
 * @returns milliseconds; x, the weights and y travel once
 */
export function floorMs(peak: Peak, layer: LayerRequest, macs: number, weights: number): number {
  const { batch, height, width, stride } = layer;
  const outputs = Math.ceil(height / stride) * Math.ceil(width / stride) * layer.out;
  const bytes = 4 * (batch * (height * width * layer.in + outputs) + weights);
  return Math.max((2 * macs * batch) / peak.gflops, bytes / peak.gigabytes) / 1e6;
}
