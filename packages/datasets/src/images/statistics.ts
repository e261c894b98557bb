/** Mean and standard deviation per channel: what `imagesToTensor` takes to normalise. */
import { DatasetArgumentError } from '../errors.ts';
import type { Images } from './images.ts';

export interface ChannelStatistics {
  /** Per channel, of pixel / 255. */
  readonly mean: readonly number[];
  /** Per channel, of pixel / 255; of the population (divided by n). */
  readonly std: readonly number[];
}

/**
 * Over all pixels of a stream or of one container. Exact up to the last division and root: every pixel is counted in a
 * histogram of integers.
 *
 * @throws DatasetArgumentError when there is no image, or when the batches differ in their channels
 */
export async function channelStatistics(batches: Images | AsyncIterable<Images>): Promise<ChannelStatistics> {
  const histograms: Float64Array[] = []; // one of 256 bins per channel: integers up to 2^53
  for await (const { pixels, channels, count } of 'pixels' in batches ? [batches] : batches) {
    if (count === 0) continue;
    if (histograms.length === 0) for (let c = 0; c < channels; c++) histograms.push(new Float64Array(256));
    if (histograms.length !== channels) {
      throw new DatasetArgumentError('channelStatistics', 'channels', channels, `${histograms.length} in every batch`);
    }
    for (let c = 0; c < channels; c++) {
      const histogram = histograms[c];
      for (let i = c; i < pixels.length; i += channels) histogram[pixels[i]]++;
    }
  }
  if (histograms.length === 0) throw new DatasetArgumentError('channelStatistics', 'batches', [], 'at least one image');
  const moments = histograms.map((histogram) => {
    const n = histogram.reduce((sum, times) => sum + times, 0);
    const mean = histogram.reduce((sum, times, value) => sum + times * value, 0) / n;
    const variance = histogram.reduce((sum, times, value) => sum + times * (value - mean) ** 2, 0) / n;
    return { mean: mean / 255, std: Math.sqrt(variance) / 255 };
  });
  return { mean: moments.map(({ mean }) => mean), std: moments.map(({ std }) => std) };
}
