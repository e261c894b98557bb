/** What the package promises as a whole: a browser-safe face, and documents that say the same as the code. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  CIFAR100_CLASSES,
  CIFAR100_COARSE_CLASSES,
  CIFAR10_CLASSES,
  DATASETS,
  FASHION_MNIST_CLASSES,
} from '../src/index.ts';

const PACKAGE = new URL('../', import.meta.url);

/** Every module that a source file loads, directly or not: package names, and the files of this package. */
async function reachable(entry: URL, seen = new Set<string>()): Promise<Set<string>> {
  seen.add(entry.href);
  const source = await readFile(entry, 'utf8');
  for (const [, specifier] of source.matchAll(/^(?:import|export)\b[^;]*? from '([^']+)';/gm)) {
    if (!specifier.startsWith('.')) seen.add(specifier);
    else if (!seen.has(new URL(specifier, entry).href)) await reachable(new URL(specifier, entry), seen);
  }
  return seen;
}

describe('the package', () => {
  it('has a face for browsers: nothing of Node behind it', async () => {
    const modules = [...(await reachable(new URL('src/index.ts', PACKAGE)))];
    const foreign = modules.filter((module) => !module.startsWith('file:'));
    expect(foreign.toSorted()).toEqual(['@tensorflow/tfjs-core', 'jpeg-js']);
    for (const module of modules.filter((name) => name.startsWith('file:'))) {
      expect(await readFile(new URL(module), 'utf8')).not.toMatch(/\b(Buffer|process|require)\b(?=[.(])/);
    }
  });

  it('reads files in Node without loading tfjs', async () => {
    const modules = await reachable(new URL('src/node.ts', PACKAGE));
    expect(modules).not.toContain('@tensorflow/tfjs-core');
  });

  it('has a README with every public file, its checksums and its home', async () => {
    const readme = await readFile(new URL('README.md', PACKAGE), 'utf8');
    for (const { title, homepage, splits } of Object.values(DATASETS)) {
      expect(readme).toContain(title);
      expect(readme).toContain(homepage);
      for (const { name, sha256, published } of [...splits.train, ...splits.test]) {
        for (const word of [name, sha256, published?.md5]) if (word !== undefined) expect(readme).toContain(word);
      }
    }
  });

  it('has a README whose first example runs', { timeout: 60_000 }, async (context) => {
    const [major] = process.versions.node.split('.').map(Number);
    if (major < 24) context.skip('Node runs TypeScript source from version 24 on');
    const readme = await readFile(new URL('README.md', PACKAGE), 'utf8');
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', example], {
      cwd: fileURLToPath(PACKAGE),
    });
    expect(stdout.trim()).toBe('[ 8, 32, 32, 3 ] Ankle boot');
  });
});

describe('class names', () => {
  it.each([
    [CIFAR10_CLASSES, 10],
    [FASHION_MNIST_CLASSES, 10],
    [CIFAR100_CLASSES, 100],
    [CIFAR100_COARSE_CLASSES, 20],
  ])('%#: as many as there are classes, each once', (names, count) => {
    expect(new Set(names).size).toBe(count);
    expect(names.length).toBe(count);
  });

  it('stand in the order of the alphabet where the authors ordered them so', () => {
    for (const names of [CIFAR10_CLASSES, CIFAR100_CLASSES, CIFAR100_COARSE_CLASSES]) {
      expect(names).toEqual(names.toSorted());
    }
  });

  it('belong to their sets, with files that add up', () => {
    for (const { classes, coarseClasses, splits, shape, format } of Object.values(DATASETS)) {
      const pixels = shape.reduce((product, side) => product * side, 1);
      for (const { count, size, holds } of [...splits.train, ...splits.test]) {
        const labels = coarseClasses === undefined ? 1 : 2;
        const sizes = { records: count * (labels + pixels), images: 16 + count * pixels, labels: 8 + count };
        expect(size).toBe(sizes[holds]);
        expect(holds === 'records').toBe(format !== 'idx');
        expect(count % classes.length).toBe(0);
      }
    }
  });
});
