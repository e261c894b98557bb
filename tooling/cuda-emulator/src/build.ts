/**
 * Builds the emulator: a shared library with the CUDA driver API whose kernels are given .cu files, compiled by g++. Objects and libraries
 * are cached by what they are made from.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { kernelNames } from './kernel-names.ts';
import { withLock } from './lock.ts';

const run = promisify(execFile);
const native = fileURLToPath(new URL('../native', import.meta.url));
const COMPILER = 'g++';

export interface EmulatorOptions {
  /** Folder of the .cu files; all of them are compiled in, with the folder's headers. */
  readonly kernels: string;
  /** With AddressSanitizer: the program that loads the library must run under {@link addressSanitizer}. */
  readonly sanitize?: boolean;
}

export type Emulator =
  | { readonly available: true; readonly library: string }
  | { readonly available: false; readonly reason: string };

/** The library, built if it is not there yet. Without g++ it says so; code that does not compile throws. */
export async function buildEmulator({ kernels, sanitize = false }: EmulatorOptions): Promise<Emulator> {
  const version = await compilerVersion();
  if (version === undefined) {
    return { available: false, reason: `the CUDA emulator needs ${COMPILER}, which is not installed` };
  }
  const flags = [...FLAGS, ...(sanitize ? ['-fsanitize=address', '-g', '-O1'] : ['-O2'])];
  const sources = [...sourcesOf(kernels, '.cu'), ...sourcesOf(native, '.cc')];
  const headers = [...sourcesOf(kernels, '.cuh'), ...sourcesOf(native, '.h')].map((file) => readFileSync(file, 'utf8'));
  const cache = cacheFolder();
  const objects = sources.map((file) => {
    const made = [version, GENERATOR, ...flags, ...headers, basename(file), readFileSync(file, 'utf8')];
    return { file, object: join(cache, `${basename(file, extname(file))}-${digest(made)}.o`) };
  });
  const library = join(cache, `libcuda-emulator-${digest(objects.map(({ object }) => object))}.so`);
  if (!existsSync(library)) {
    await withLock(
      `${library}.lock`,
      () => existsSync(library),
      async () => {
        const missing = objects.filter(({ object }) => !existsSync(object));
        const builders = Array.from({ length: availableParallelism() }, async () => {
          for (let next = missing.pop(); next !== undefined; next = missing.pop()) {
            await compile(next.file, next.object, flags);
          }
        });
        await Promise.all(builders);
        await intoPlace(library, (file) =>
          run(COMPILER, ['-shared', '-pthread', ...flags, ...objects.map(({ object }) => object), '-o', file]),
        );
      },
    );
  }
  return { available: true, library };
}

/** What to add to the environment of a program that loads a library with AddressSanitizer. */
export async function addressSanitizer(): Promise<Record<string, string>> {
  const { stdout } = await run(COMPILER, ['-print-file-name=libasan.so']);
  // Node does not free what it has at exit; what is looked for are kernels that read or write outside.
  return { LD_PRELOAD: stdout.trim(), ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=0' };
}

const FLAGS: readonly string[] = [
  '-std=c++17',
  '-fPIC',
  '-fvisibility=hidden',
  '-U_FORTIFY_SOURCE', // its longjmp insists on one stack
  '-ffp-contract=off',
  '-Wno-unknown-pragmas',
];

/** Part of every key: raise it when `compile` makes something else of the same sources. */
const GENERATOR = '1';

async function compile(file: string, object: string, flags: readonly string[]): Promise<void> {
  if (extname(file) === '.cc') {
    await intoPlace(object, (to) => run(COMPILER, [...flags, '-c', file, '-o', to]));
    return;
  }
  const asCuda = ['-x', 'c++', '-include', join(native, 'cuda-shim.h'), `-I${native}`, `-I${dirname(file)}`];
  const preprocessed = await run(COMPILER, [...asCuda, '-DEMULATOR_LIST_KERNELS', '-E', '-P', file], {
    maxBuffer: 2 ** 26,
  });
  const wrapper = `${object}.cc`;
  const lines = [
    '#include "registry.h"',
    '#include "cuda-shim.h"',
    `#include "${file}"`,
    ...kernelNames(preprocessed.stdout).map((name) => `EMULATE(${name});`),
  ];
  writeFileSync(wrapper, `${lines.join('\n')}\n`);
  await intoPlace(object, (to) =>
    run(COMPILER, [...flags, `-I${native}`, `-I${dirname(file)}`, '-c', wrapper, '-o', to]),
  );
}

/** Nobody sees a file that is half written. */
async function intoPlace(file: string, make: (temporary: string) => Promise<unknown>): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await make(temporary);
  renameSync(temporary, file);
}

function sourcesOf(folder: string, extension: string): string[] {
  return readdirSync(folder)
    .filter((name) => extname(name) === extension)
    .toSorted()
    .map((name) => join(folder, name));
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

function cacheFolder(): string {
  const folder = fileURLToPath(new URL('../node_modules/.cache/cuda-emulator', import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function compilerVersion(): Promise<string | undefined> {
  try {
    return (await run(COMPILER, ['--version'])).stdout;
  } catch {
    return undefined;
  }
}
