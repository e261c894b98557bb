/**
 * Makes a pack for a machine that has an NVIDIA driver, glibc, bash and python3, and nothing else: see README.md.
 *
 *     node tooling/gpu-pack/pack.ts [--out FOLDER] [--data cifar10:FOLDER] [--piece-size MIB] [--no-node]
 */
import { mkdir, mkdtemp, readdir, rm, stat, writeFile, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { layOutApp } from './src/app.ts';
import { tarXz, writePieces } from './src/compress.ts';
import { packData, parseData } from './src/data.ts';
import type { Manifest, PackItem } from './src/manifest.ts';
import { nodeBinary } from './src/node-binary.ts';

const MIB = 2 ** 20;
const MACHINES: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };

const { values } = parseArgs({
  allowNegative: true,
  options: {
    out: { type: 'string', default: fileURLToPath(new URL('out', import.meta.url)) },
    data: { type: 'string' },
    'piece-size': { type: 'string', default: '30' },
    node: { type: 'boolean', default: true },
  },
});
if (process.platform !== 'linux' || !(process.arch in MACHINES)) {
  throw new Error(`A pack is made on Linux, x64 or arm64, for machines of the same kind; this is ${process.platform}.`);
}
const most = Number(values['piece-size']) * MIB;
if (!(most >= MIB)) throw new RangeError(`--piece-size: '${values['piece-size']}' must be a number of MiB, at least 1`);
if (values.data !== undefined) parseData(values.data);
const pack = values.out;
await emptied(pack);

const items: PackItem[] = [];
if (values.node) items.push(await item('node', 'node', await nodeBinary()));
items.push(await item('app', 'app', await packedApp()));
const data = values.data === undefined ? undefined : await packData(pack, values.data, most);
const manifest: Manifest = {
  node: values.node ? process.version : null,
  machine: MACHINES[process.arch],
  data: data?.id ?? null,
  items: [...items, ...(data?.items ?? [])],
};
await writeFile(join(pack, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of ['run.sh', 'unpack.py']) {
  await cp(fileURLToPath(new URL(`machine/${name}`, import.meta.url)), join(pack, name));
}
await report();

async function item(name: 'node' | 'app', into: string, bytes: Uint8Array): Promise<PackItem> {
  const isNode = name === 'node';
  return {
    kind: isNode ? 'file' : 'tree',
    optional: false,
    into,
    ...(await writePieces(pack, isNode ? 'node.xz' : 'app.tar.xz', bytes, most)),
    compression: 'xz',
    executable: isNode,
  };
}

async function packedApp(): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'gpu-pack-'));
  try {
    await layOutApp(folder);
    return await tarXz(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A folder that holds nothing, or an earlier pack, which goes. */
async function emptied(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.length > 0 && !names.includes('manifest.json')) {
    throw new Error(`--out: '${folder}' holds something else than a pack; name an empty folder.`);
  }
  await Promise.all(names.map((name) => rm(join(folder, name), { recursive: true })));
}

async function report(): Promise<void> {
  const names = (await readdir(pack, { recursive: true })).toSorted();
  let [total, base] = [0, 0];
  for (const name of names) {
    const stats = await stat(join(pack, name));
    if (!stats.isFile()) continue;
    total += stats.size;
    if (!name.startsWith('data-')) base += stats.size;
    console.log(`${mib(stats.size)}  ${name}`);
  }
  console.log(`${mib(total)}  in all${total === base ? '' : `, ${mib(base).trim()} without data`}`);
  console.log(`\nOn the machine: bash ${relative('.', join(pack, 'run.sh'))} all`);
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(2).padStart(8)} MiB`;
}
