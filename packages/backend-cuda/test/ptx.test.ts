/** What is committed beside the sources is what they give. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { COMPILER, KERNELS, SOURCES } from '../src/generated/kernels.ts';
import { buildPtx, nvccVersion, sourceDigest } from '../tools/build-ptx.ts';
import { describeKernels } from '../tools/signatures.ts';
import { headerCheck, headerFolder } from '../tools/check-header.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe('the committed PTX', () => {
  it('is that of the sources', { timeout: 300_000 }, async (context) => {
    const version = nvccVersion();
    if (version !== COMPILER) context.skip(`needs nvcc ${COMPILER}, but here is ${version ?? 'none'}`);
    const folder = mkdtempSync(join(tmpdir(), 'hetconv-ptx-'));
    try {
      await buildPtx(folder);
      const files = ['src/generated/kernels.ts', ...readdirSync(join(folder, 'ptx')).map((name) => `ptx/${name}`)];
      expect(readdirSync(join(root, 'ptx'))).toHaveLength(files.length - 1);
      const differing = files.filter((file) => readFileSync(join(folder, file), 'utf8') !== committed(file));
      expect(differing).toEqual([]); // else: node tools/build-ptx.ts
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('was written after the last change of the sources', () => {
    expect(SOURCES).toBe(sourceDigest()); // else: node tools/build-ptx.ts
  });

  it('has the signatures that launches are checked with', () => {
    const families = readdirSync(join(root, 'ptx')).map((name) => ({
      family: name.slice(0, -'.ptx'.length),
      text: committed(`ptx/${name}`),
    }));
    const origin = { compiler: COMPILER, digest: SOURCES };
    expect(describeKernels(families, committed('kernels/common.cuh'), origin)).toBe(
      committed('src/generated/kernels.ts'),
    );
    expect(Object.keys(KERNELS).length).toBeGreaterThan(100);
  });

  it('is for the oldest GPU and driver that are promised', () => {
    for (const name of readdirSync(join(root, 'ptx'))) {
      expect(committed(`ptx/${name}`)).toMatch(/^\.version 7\.0\n\.target sm_75\n/);
    }
  });
});

it("the driver's functions are bound as NVIDIA's header declares them", (context) => {
  const include = headerFolder();
  if (include === undefined) context.skip('needs g++, and cuda.h of the CUDA toolkit');
  const folder = mkdtempSync(join(tmpdir(), 'hetconv-header-'));
  try {
    const file = join(folder, 'check.cc');
    const compile = (text: string): void => {
      writeFileSync(file, text);
      execFileSync('g++', ['-std=c++17', '-fsyntax-only', `-I${include}`, file], { stdio: 'pipe' });
    };
    compile(headerCheck());
    expect(() => compile(headerCheck().replace('sizeof(size_t)', 'sizeof(int)'))).toThrow(/static assertion failed/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

function committed(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}
