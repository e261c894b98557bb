/**
 * Checkpoints as bytes, in the safetensors format (https://huggingface.co/docs/safetensors): 8 bytes little-endian length of a
 * JSON header, the header, the values. Other tools read the weights out of it without us.
 */
import { TrainingError } from '../errors.ts';
import type { Checkpoint, NamedTensor } from './checkpoint.ts';

/** Of the metadata below, not of safetensors. */
const VERSION = 1;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Identity and progress stand as JSON in the metadata `hetconv`, with the SHA-256 of the values. */
export async function encodeCheckpoint({ identity, progress, tensors }: Checkpoint): Promise<Uint8Array<ArrayBuffer>> {
  const entries: Record<string, Entry> = {};
  let size = 0;
  for (const { name, shape, values } of tensors) {
    entries[name] = { dtype: 'F32', shape, data_offsets: [size, size + values.byteLength] };
    size += values.byteLength;
  }
  const data = new Uint8Array(size);
  for (const { name, values } of tensors) {
    data.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), entries[name].data_offsets[0]);
  }
  const metadata = JSON.stringify({ version: VERSION, identity, progress, sha256: await sha256(data) });
  const text = JSON.stringify({ __metadata__: { format: 'hetconv-checkpoint', hetconv: metadata }, ...entries });
  const header = new TextEncoder().encode(text);
  const padded = Math.ceil(header.length / 8) * 8; // values aligned, as the format recommends; filled with spaces
  const bytes = new Uint8Array(8 + padded + size);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(padded), true);
  bytes.fill(0x20, 8, 8 + padded);
  bytes.set(header, 8);
  bytes.set(data, 8 + padded);
  return bytes;
}

/**
 * @param name of the file, for messages
 * @throws TrainingError for anything but a whole, undamaged checkpoint
 */
export async function decodeCheckpoint(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<Checkpoint> {
  const refuse = (found: string): never => refuseCheckpoint(name, found);
  if (bytes.length < 8) return refuse(`${bytes.length} bytes`);
  const length = headerLength(bytes);
  if (length > bytes.length - 8) return refuse(`a header of ${length} bytes in a file of ${bytes.length}`);
  const { identity, progress, sha256: expected, entries } = decodeHeader(bytes.subarray(8, 8 + length), name);
  const data = bytes.slice(8 + length); // a copy, so that the values are aligned
  if ((await sha256(data)) !== expected) return refuse('values that are not those that were written (SHA-256)');
  const tensors = Object.entries(entries).map(([tensorName, { shape, data_offsets }]) => {
    const values = new Float32Array(data.buffer, data_offsets[0], (data_offsets[1] - data_offsets[0]) / 4);
    return { name: tensorName, shape, values } satisfies NamedTensor;
  });
  return { identity, progress, tensors };
}

/** Length of the JSON header, from the first 8 bytes. */
export function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true));
}

/** What a checkpoint says of itself: all but the values. */
export interface CheckpointHeader extends Pick<Checkpoint, 'identity' | 'progress'> {
  /** Of the values. */
  readonly sha256: string;
  readonly entries: Readonly<Record<string, Entry>>;
}

/** @throws TrainingError for anything but the header of a checkpoint */
export function decodeHeader(header: Uint8Array, name: string): CheckpointHeader {
  const { __metadata__: metadata, ...entries } = parse(header) ?? {};
  const own = (metadata as { hetconv?: string } | undefined)?.hetconv;
  if (own === undefined) return refuseCheckpoint(name, 'a file without the metadata of a checkpoint');
  const { version, ...described } = JSON.parse(own) as Omit<CheckpointHeader, 'entries'> & { readonly version: number };
  if (version !== VERSION) return refuseCheckpoint(name, `version ${version}`);
  return { ...described, entries: entries as Record<string, Entry> };
}

export function refuseCheckpoint(name: string, found: string): never {
  throw new TrainingError('corrupt-checkpoint', `${name}: found ${found}; accepted: a whole checkpoint of hetconv.`);
}

function parse(header: Uint8Array): Record<string, unknown> | undefined {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

async function sha256(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', data);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
