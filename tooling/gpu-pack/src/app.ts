/**
 * Lays out what runs on the machine. All code lies in `dist/lib`, two folders deep as in the packages: each finds its files (`ptx`,
 * `fixtures`, `package.json`) where it looks for them, two folders up.
 */
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FASHION_MNIST_CLASSES } from '@hetconv/datasets';
import { fashionMnistSample } from '@hetconv/datasets/node';
import { PNG } from 'pngjs';
import { BACKENDS, bundleApp } from './bundle.ts';

/** Pictures to train on where no data were packed, by class. */
const PICTURES = 'fixtures/fashion-mnist-pictures';

/** @param folder empty */
export async function layOutApp(folder: string): Promise<void> {
  const code = join(folder, 'dist', 'lib');
  await bundleApp(code);
  const command = JSON.parse(await readFile(join(packageFolder('@hetconv/cli'), 'package.json'), 'utf8')) as Manifest;
  await writeJson(join(folder, 'package.json'), { name: 'hetconv-gpu', version: command.version, type: 'module' });
  await layOutBackends(folder, command.version);
  await cp(join(packageFolder('@hetconv/backend-cuda'), 'ptx'), join(folder, 'ptx'), { recursive: true });
  await cp(join(packageFolder('@hetconv/backend-cuda'), 'bench', 'torch-peer.py'), join(code, 'torch-peer.py'));
  await cp(join(packageFolder('@hetconv/datasets'), 'fixtures'), join(folder, 'fixtures'), { recursive: true });
  await layOutPictures(join(folder, PICTURES));
  await layOutWasm(code);
  await layOutKoffi(join(folder, 'node_modules'));
}

interface Manifest {
  readonly version: string;
}

function packageFolder(name: string): string {
  return join(dirname(fileURLToPath(import.meta.resolve(name))), '..');
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

/** As installed packages, for the command finds backends by the names of their packages. */
async function layOutBackends(folder: string, version: string): Promise<void> {
  for (const name of BACKENDS) {
    const home = join(folder, 'node_modules', '@hetconv', name);
    const manifest = { name: `@hetconv/${name}`, version, type: 'module', exports: { '.': './index.js' } };
    await writeJson(join(home, 'package.json'), manifest);
    await writeFile(join(home, 'index.js'), `export * from '../../../dist/lib/${name}.js';\n`);
  }
}

/** tfjs looks for them beside its code. */
async function layOutWasm(code: string): Promise<void> {
  const folder = dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm')));
  for (const name of await readdir(folder)) {
    if (name.endsWith('.wasm')) await cp(join(folder, name), join(code, name));
  }
}

/** Koffi's own code, and the binary for this platform with glibc. */
async function layOutKoffi(modules: string): Promise<void> {
  const koffi = dirname(fileURLToPath(import.meta.resolve('koffi')));
  const binary = `koffi-${process.platform}-${process.arch}`;
  const native = dirname(createRequire(join(koffi, 'index.cjs')).resolve(`@koromix/${binary}`));
  await cp(koffi, join(modules, 'koffi'), { recursive: true, dereference: true, filter: isLoaded });
  await cp(native, join(modules, '@koromix', binary), { recursive: true, dereference: true, filter: isLoaded });
}

/** Not koffi's sources in C++, their libraries, its documents and its installer. */
function isLoaded(file: string): boolean {
  return (
    !/[/\\](doc|vendor|lib|musl_\w+|cnoke\.cjs|CMakeLists\.txt)$/.test(file) &&
    ['', '.js', '.cjs', '.json', '.node', '.txt'].includes(extname(file))
  );
}

/** The images of Fashion-MNIST that @hetconv/datasets carries, as a folder of pictures for each class. */
async function layOutPictures(folder: string): Promise<void> {
  const { pixels, labels, height, width } = await fashionMnistSample();
  const size = height * width;
  for (const [i, label] of labels.entries()) {
    const home = join(folder, FASHION_MNIST_CLASSES[label].replaceAll('/', '-'));
    await mkdir(home, { recursive: true });
    const picture = new PNG({ width, height });
    pixels
      .subarray(i * size, (i + 1) * size)
      .forEach((value, j) => picture.data.set([value, value, value, 255], 4 * j));
    await writeFile(join(home, `${i}.png`), PNG.sync.write(picture, { colorType: 0 }));
  }
}
