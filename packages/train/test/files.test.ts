/** What happens to a training whose process is killed and whose disk is full, for real. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type LogEntry, trainModel, type TrainingProgress } from '../src/index.ts';
import { CHECKPOINT_FILES, checkpointFolder, loadCheckpoint, openLog, readCheckpointHeader } from '../src/node.ts';
import { smallData, smallModel, smallRecipe, useWasm } from './support/training.ts';

beforeAll(useWasm);

const program = fileURLToPath(new URL('programs/train.ts', import.meta.url));
const run = promisify(execFile);

interface Outcome {
  readonly from?: TrainingProgress;
  readonly kept?: TrainingProgress;
  readonly digest: string;
  readonly error?: string;
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hetconv-train-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

function outcomeOf(stdout: string): Outcome {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Outcome;
}

async function finish(folder: string): Promise<Outcome> {
  return outcomeOf((await run(process.execPath, [program, folder])).stdout);
}

/** Four processes in one test may take longer than the usual minute where others use the machine. */
const PATIENCE = { timeout: 240_000 };

/** Starts the program and kills it, as the power does, once it has said something so many times. */
async function killAfter(folder: string, lines: number): Promise<void> {
  const child: ChildProcess = spawn(process.execPath, [program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    seen += text.split('\n').length - 1;
    if (seen >= lines) child.kill('SIGKILL');
  });
  const signal = await new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
  expect(signal).toBe('SIGKILL');
}

async function logOf(folder: string): Promise<LogEntry[]> {
  const text = await readFile(join(folder, 'log.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ({ ...(JSON.parse(line) as LogEntry), seconds: 0 }));
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('a training on disk', () => {
  it('killed twice in the midst of an epoch: the same weights and the same log as without', PATIENCE, async () => {
    const [straight, broken] = [await temporaryFolder(), await temporaryFolder()];
    const expected = await finish(straight);
    await killAfter(broken, 2);
    await writeFile(join(broken, `.${CHECKPOINT_FILES.last}.0123.tmp`), 'as if the kill had met the writing');
    await killAfter(broken, 4);
    const resumed = await finish(broken);
    expect(resumed.from).toBeDefined();
    expect(resumed.digest).toBe(expected.digest);
    expect(await logOf(broken)).toEqual(await logOf(straight));
    expect(await readdir(broken)).toEqual(await readdir(straight));
    expect((await logOf(broken)).map(({ epoch }) => epoch)).toEqual([1, 2, 3]); // no line twice
  });

  it('a full disk ends it with an error that says so, the checkpoint before intact', async (ctx) => {
    const folder = await temporaryFolder();
    const size = await checkpointSize();
    // a file system of its own that holds one checkpoint and a half
    const mount = `mount -t tmpfs -o size=${Math.ceil((1.5 * size) / 4096) * 4}k tmpfs "$1"`;
    const available = await run('unshare', ['-rm', 'sh', '-c', mount, 'sh', folder]).then(
      () => true,
      () => false,
    );
    if (!available) ctx.skip('no file system of limited size can be mounted here (unshare, mount -t tmpfs)');
    const script = `${mount} && "$2" "$3" "$1" && ls -A "$1"`;
    const { stdout } = await run('unshare', ['-rm', 'sh', '-c', script, 'sh', folder, process.execPath, program]);
    const lines = stdout.trimEnd().split('\n');
    const document = lines.findIndex((line) => line.startsWith('{'));
    const outcome = JSON.parse(lines[document]) as Outcome;
    expect(outcome.error).toMatch(/Could not write .*checkpoint\.safetensors: ENOSPC.* What was there is unchanged/);
    expect(outcome.kept).toMatchObject({ epoch: 0, step: 1 }); // loaded: its SHA-256 is right
    expect(lines.slice(document + 1)).toEqual(['checkpoint.safetensors', 'log.jsonl']); // and no half file
  });

  it('a file that may not grow so large: the same', async () => {
    const folder = await temporaryFolder();
    await killAfter(folder, 2);
    const path = join(folder, CHECKPOINT_FILES.last);
    const before = await sha256(path);
    const limit = Math.floor((await checkpointSize()) / 2 / 1024); // in kB, as bash counts
    const script = `trap '' XFSZ; ulimit -f ${limit}; "$1" "$2" "$3"`;
    const { stdout } = await run('bash', ['-c', script, 'bash', process.execPath, program, folder]);
    expect(outcomeOf(stdout).error).toMatch(/Could not write .*EFBIG/);
    expect(await sha256(path)).toBe(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('a damaged checkpoint is refused', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, CHECKPOINT_FILES.last);
    expect(await loadCheckpoint(folder)).toBeUndefined();
    expect(await readCheckpointHeader(folder)).toBeUndefined();
    await checkpointSize(folder);
    const { tensors: _, ...header } = (await loadCheckpoint(folder)) ?? {};
    expect(await readCheckpointHeader(folder)).toEqual(header);
    const whole = await readFile(path);
    const damaged = Buffer.from(whole);
    damaged[whole.length - 5] ^= 1;
    const cases: [Uint8Array, RegExp][] = [
      [damaged, /values that are not those that were written \(SHA-256\)/],
      [whole.subarray(0, whole.length - 1), /SHA-256/],
      [whole.subarray(0, 300), /a header of \d+ bytes in a file of 300/],
      [whole.subarray(0, 3), /3 bytes/],
      [Buffer.from('\u0010\0\0\0\0\0\0\0{"a": 1}        '), /without the metadata of a checkpoint/],
      [Buffer.from('\u0010\0\0\0\0\0\0\0no JSON at all..'), /without the metadata of a checkpoint/],
    ];
    for (const [bytes, message] of cases) {
      await writeFile(path, bytes);
      await expect(loadCheckpoint(folder)).rejects.toThrow(message);
      // The header alone cannot tell that a value is wrong.
      if (bytes !== damaged) await expect(readCheckpointHeader(folder)).rejects.toThrow(/accepted: a whole checkpoint/);
    }
  });

  it('is read by whoever reads safetensors', async () => {
    const folder = await temporaryFolder();
    await checkpointSize(folder);
    const bytes = await readFile(join(folder, CHECKPOINT_FILES.last));
    const length = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<string, Record<string, unknown>>;
    expect(header['__metadata__']).toMatchObject({ format: 'hetconv-checkpoint' });
    expect(header['weight/logits/kernel']).toMatchObject({ dtype: 'F32', shape: [64, 10] });
    expect(length % 8).toBe(0);
    let end = 0;
    for (const [name, entry] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const [from, to] = entry['data_offsets'] as number[];
      expect(from).toBe(end); // without holes, as the format demands
      end = to;
    }
    expect(8 + length + end).toBe(bytes.length);
  });

  it('a log that is shorter than its checkpoint says is refused; a longer one is cut', async () => {
    const path = join(await temporaryFolder(), 'log.jsonl');
    await writeFile(path, 'abc\ndef\n');
    await expect(openLog(path, 9)).rejects.toThrow(/found 8 bytes; accepted: 9 or more/);
    await openLog(path, 4);
    expect(await readFile(path, 'utf8')).toBe('abc\n');
    await truncate(path, 0);
  });
});

/** Trains a step, with its checkpoint in the folder. @returns the bytes of the checkpoint */
async function checkpointSize(folder?: string): Promise<number> {
  const target = folder ?? (await temporaryFolder());
  const model = smallModel();
  const abort = new AbortController();
  await trainModel({
    model,
    data: await smallData(),
    recipe: smallRecipe({ epochs: 3 }),
    checkpoints: checkpointFolder(target),
    signal: abort.signal,
    onProgress: () => abort.abort(),
  });
  model.dispose();
  return (await readFile(join(target, CHECKPOINT_FILES.last))).length;
}
