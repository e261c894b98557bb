/** Layer by layer: both sides prepare, are checked, and take turns. A layer that fails is noted, and the next one begins. */
import { describeLayer, environment, type LayerRequest } from '@hetconv/bench';
import { backend as tfBackend, engine, env, setBackend } from '@tensorflow/tfjs-core';
import { backend, CudaBackend } from '../src/index.ts';
import { DeviceClock } from './device-clock.ts';
import { type Peak, peakOf } from './floor.ts';
import { OurLayer } from './our-layer.ts';
import type { Peer, PeerContender, PeerFacts } from './peer.ts';
import { measureRounds } from './rounds.ts';
import { type Row, rowsOf } from './rows.ts';
import type { Result } from './table.ts';

export interface MeasureOptions {
  readonly layers: readonly LayerRequest[];
  readonly rounds: number;
  /** After so many seconds no further layer begins. */
  readonly seconds: number;
  /** Whom to measure beside us, if anyone. */
  readonly peer?: Peer;
  readonly note: (text: string) => void;
  /** With everything known so far, after each layer. */
  readonly onResult: (result: Result) => Promise<void>;
}

/** @throws Error where the backend cannot run here, saying why */
export async function measure({ layers, rounds, seconds, peer, note, onResult }: MeasureOptions): Promise<Result> {
  const start = performance.now();
  const availability = await backend.prepare();
  if (!availability.available) throw new Error(availability.reason);
  await setBackend('cuda');
  env().set('CUDA_STRICT', true); // a kernel on the CPU is no figure of the device
  const cuda = tfBackend();
  if (!(cuda instanceof CudaBackend)) throw new Error('The tfjs backend cuda is not the one of this package.');
  const place = environment({}, [backend]);
  const facts = await peerFacts(peer);
  const peak = peakOf(cuda.device.facts);
  const clock = new DeviceClock(cuda);
  const rows: Row[] = [];
  const failures: string[] = [];
  const result = (): Result => ({ environment: place, peak: peak ?? null, peer: facts, rows, failures });
  for (const layer of layers) {
    const name = describeLayer(layer);
    if (performance.now() - start > 1000 * seconds) {
      failures.push(`${name}: the ${seconds} seconds are over`);
      continue;
    }
    note(name);
    try {
      rows.push(...(await measureLayer(layer, rounds, clock, 'missing' in facts ? undefined : peer, peak)));
    } catch (error) {
      failures.push(`${name}: ${messageOf(error)}`);
      note(`failed: ${failures.at(-1)}`);
    }
    cuda.device.memory.trim(); // the next layer, and the peer, need other sizes
    await onResult(result());
  }
  clock.dispose();
  return result();
}

async function measureLayer(
  layer: LayerRequest,
  rounds: number,
  clock: DeviceClock,
  peer: Peer | undefined,
  peak: Peak | undefined,
): Promise<Row[]> {
  engine().startScope(); // whatever fails, no tensor of the layer stays
  try {
    const ours = await new OurLayer(layer).contenders(clock);
    const theirs: readonly PeerContender[] = (await peer?.contenders(layer, clock.flushBytes)) ?? [];
    return rowsOf(layer, ours, theirs, await measureRounds([...ours, ...theirs], rounds), peak);
  } finally {
    engine().endScope();
    if (peer?.hasEnded === false) await peer.release();
  }
}

async function peerFacts(peer: Peer | undefined): Promise<PeerFacts | { readonly missing: string }> {
  if (peer === undefined) return { missing: 'it was not asked for' };
  try {
    return await peer.hello();
  } catch (error) {
    return { missing: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
