/**
 * Makes fixtures/fashion-mnist-sample from the full Fashion-MNIST: the first 512 images and labels of its test files, as
 * IDX in gzip. The unpacked bytes depend on nothing but the set; the gzip around them depends on the version of zlib,
 * so `--check` compares what is inside.
 *
 *     node tools/make-fashion-mnist-sample.ts FOLDER [--check]
 *
 * FOLDER holds t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz; their checksums are verified first.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { FASHION_MNIST_SAMPLE_COUNT, loadDataset } from '../src/node.ts';

const TARGET = new URL('../fixtures/fashion-mnist-sample/', import.meta.url);

const { values, positionals } = parseArgs({ allowPositionals: true, options: { check: { type: 'boolean' } } });
const [folder] = positionals;
if (folder === undefined) throw new Error('usage: make-fashion-mnist-sample.ts FOLDER [--check]');

const full = await loadDataset('fashion-mnist', 'test', { data: folder, verify: true });
const { height, width } = full;
const count = FASHION_MNIST_SAMPLE_COUNT;
const files = {
  'images-idx3-ubyte.gz': idx([count, height, width], full.pixels.subarray(0, count * height * width)),
  'labels-idx1-ubyte.gz': idx([count], full.labels.subarray(0, count)),
};
for (const [name, bytes] of Object.entries(files)) {
  const path = fileURLToPath(new URL(name, TARGET));
  if (values.check === true) {
    if (!gunzipSync(await readFile(path)).equals(bytes)) throw new Error(`${name} differs from the set`);
    process.stdout.write(`${name}: as made from the set\n`);
  } else {
    const packed = gzipSync(bytes, { level: 9 });
    await writeFile(`${path}.new`, packed);
    await rename(`${path}.new`, path);
    process.stdout.write(`${name}: ${packed.length} bytes, ${bytes.length} unpacked\n`);
  }
}

/** uint8 of any rank: magic, dimensions, values. */
function idx(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * shape.length));
  header.setUint32(0, (8 << 8) | shape.length);
  shape.forEach((size, i) => header.setUint32(4 + 4 * i, size));
  return Buffer.concat([new Uint8Array(header.buffer), bytes]);
}
