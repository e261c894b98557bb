/**
 * Compiles kernels/*.cu to PTX with nvcc, and writes down from the PTX what each kernel takes: `src/generated/kernels.ts`. Both are
 * committed, so that nobody needs the CUDA toolkit but those who change a kernel.
 *
 *     node tools/build-ptx.ts [folder]     default: this package
 */
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeKernels } from './signatures.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const kernels = join(root, 'kernels');

/** The oldest GPUs that nvcc 13 compiles for: Turing, 2018. The driver translates for newer ones. */
const ARCHITECTURE = 'compute_75';
/** nvcc writes its own PTX version, which old drivers refuse; the kernels use nothing newer than that of CUDA 11.0. */
const PTX_VERSION = '7.0';

/** `V13.0.88`, or undefined where there is no nvcc. Another version may write other PTX. */
export function nvccVersion(): string | undefined {
  try {
    return /V\d+\.\d+\.\d+/.exec(execFileSync('nvcc', ['--version'], { encoding: 'utf8' }))?.[0];
  } catch {
    return undefined;
  }
}

/** What the PTX is made from: a change of any source shows, where there is no nvcc too. */
export function sourceDigest(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(kernels).toSorted()) hash.update(name).update(readFileSync(join(kernels, name)));
  return hash.digest('hex').slice(0, 16);
}

/** Writes `ptx/*.ptx` and `src/generated/kernels.ts` under the folder. */
export async function buildPtx(folder: string): Promise<void> {
  const ptx = join(folder, 'ptx');
  const generated = join(folder, 'src', 'generated');
  for (const made of [ptx, generated]) mkdirSync(made, { recursive: true });
  const names = readdirSync(kernels)
    .filter((name) => name.endsWith('.cu'))
    .toSorted();
  const texts = new Map<string, string>();
  const waiting = [...names];
  const compilers = Array.from({ length: availableParallelism() }, async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      texts.set(name, await compile(join(kernels, name)));
    }
  });
  await Promise.all(compilers);
  const families = names.map((name) => ({ family: basename(name, '.cu'), text: texts.get(name) ?? '' }));
  for (const { family, text } of families) write(join(ptx, `${family}.ptx`), text);
  const header = readFileSync(join(kernels, 'common.cuh'), 'utf8');
  const origin = { compiler: nvccVersion() ?? '', digest: sourceDigest() };
  write(join(generated, 'kernels.ts'), describeKernels(families, header, origin));
}

async function compile(file: string): Promise<string> {
  const options = ['-ptx', `-arch=${ARCHITECTURE}`, '-std=c++17', '-o', '-', file];
  const { stdout } = await promisify(execFile)('nvcc', options, { maxBuffer: 2 ** 28 });
  return `${stdout
    .replace(/^(?:\/\/.*\n|\n)+/, '')
    .replace(/^\.version .*$/m, `.version ${PTX_VERSION}`)
    .replaceAll(/_INTERNAL_[0-9a-f]{8}_/g, '_INTERNAL_00000000_') // nvcc's hash of where the source lies
    .trimEnd()}\n`;
}

function write(file: string, text: string): void {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPtx(process.argv[2] ?? root);
