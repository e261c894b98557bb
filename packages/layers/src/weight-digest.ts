/** A fingerprint of the weights of a model: equal digests mean equal bits. */
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * SHA-256 over every weight in order: its name, dtype, shape and bytes (little-endian, as on every engine in use).
 *
 * @returns 64 hexadecimal digits
 */
export async function weightDigest(model: LayersModel): Promise<string> {
  const chunks: Uint8Array[] = [];
  for (const weight of model.weights) {
    const header = `${weight.originalName} ${weight.dtype} ${weight.shape.join('x')}\n`;
    const values = await weight.read().data();
    chunks.push(new TextEncoder().encode(header), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  const bytes = new Uint8Array(chunks.reduce((total, chunk) => total + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
