/** `hetconv train`, `eval` and `predict` on a user's own folder of pictures, as processes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClassFolder } from './support/class-folder.ts';
import { hetconv, main, type Outcome } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hetconv-cli-train-'));
const pictures = join(folder, 'clothes');
afterAll(() => rmSync(folder, { recursive: true }));

const CLASSES = ['Bag', 'Sneaker', 'Trouser'];

/** Runs it and presses Ctrl-C when it has said that the first epoch is done. */
function interrupted(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...args]);
    let [stdout, stderr, isPressed] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      if (isPressed || !/^epoch 1\/2: /m.test(stderr)) return;
      isPressed = true; // a second time would end it at once
      child.kill('SIGINT');
    });
    child.on('close', (code) => resolve({ code: code ?? -1, stdout, stderr }));
  });
}

/** Four processes in one test may take longer than the usual minute where others use the machine. */
const PATIENCE = { timeout: 240_000 };

/** 12 pictures of each of three classes, as PNG files. */
beforeAll(() => writeClassFolder(pictures, CLASSES, 12));

const small = ['--data', pictures, '--batch', '16', '--epochs', '2', '--lr', '0.02', '--seed', '5'];

function train(out: string, ...more: string[]): string[] {
  return ['train', 'resnet20-cifar', ...small, '--out', join(folder, out), '--json', ...more];
}

/** The name holds the hash of the content. */
function weightsOf(out: string): string[] {
  return readdirSync(join(folder, out, 'weights'));
}

describe('hetconv train', () => {
  it('trains on a folder of pictures, and is interrupted and goes on without a trace', PATIENCE, async () => {
    const straight = await hetconv(...train('straight'));
    expect(straight.stderr).toContain('33 training images, 3 test images, 3 classes');
    expect(straight.code).toBe(0);
    const document = JSON.parse(straight.stdout) as Record<string, unknown> & { last: Record<string, unknown> };
    expect(document).toMatchObject({ model: 'resnet20-cifar', kind: 'hetconv', part: 4, backend: 'wasm' });
    expect(document).toMatchObject({ dataset: 'clothes', status: 'done', epoch: 2, last: { epoch: 2, step: 4 } });
    expect(readdirSync(join(folder, 'straight'))).toEqual([
      'best.safetensors',
      'checkpoint.safetensors',
      'curves.html',
      'log.jsonl',
      'recipe.json',
      'training.json',
      'weights',
    ]);
    const curves = readFileSync(join(folder, 'straight', 'curves.html'), 'utf8');
    expect(curves).toMatch(/<svg[\s\S]*<svg[\s\S]*<table>/);
    expect(curves).not.toContain('http-equiv'); // it is done

    const stopped = await interrupted(...train('broken'));
    expect(stopped.stderr).toMatch(/interrupted: writing a checkpoint[\s\S]*with --resume goes on/);
    expect(stopped.code).toBe(1);
    expect(JSON.parse(stopped.stdout)).toMatchObject({ status: 'interrupted' });
    expect(readFileSync(join(folder, 'broken', 'curves.html'), 'utf8')).toContain('http-equiv="refresh"');

    const other = await hetconv(...train('broken', '--resume', '--weight-decay', '0.1'));
    expect(other.stderr).toMatch(/recipe\.weightDecay was 0\.0005, is 0\.1/);
    expect(other.code).toBe(1);

    const resumed = await hetconv(...train('broken', '--resume'));
    expect(resumed.code).toBe(0);
    expect(weightsOf('broken')).toEqual(weightsOf('straight'));
    const again = await hetconv(...train('broken'));
    expect(again.stderr).toMatch(/holds a training: --resume goes on with it/);
    expect(again.code).toBe(2);
  });

  it(
    'eval gives the accuracy of the training, on every backend; predict the names of its classes',
    PATIENCE,
    async () => {
      const weights = ['--weights', join(folder, 'straight')];
      const args = ['eval', 'resnet20-cifar', ...weights, '--data', pictures, '--json'];
      const { code, stdout } = await hetconv(...args);
      expect(code).toBe(0);
      const log = readFileSync(join(folder, 'straight', 'log.jsonl'), 'utf8')
        .trimEnd()
        .split('\n');
      const { testAccuracy } = JSON.parse(log[log.length - 1]) as { testAccuracy: number };
      const expected = {
        model: 'resnet20-cifar',
        weights: join(folder, 'straight', 'weights'),
        backend: 'wasm',
        dataset: 'clothes',
      };
      expect(JSON.parse(stdout)).toMatchObject({ ...expected, images: 3, accuracy: testAccuracy });

      const all = await hetconv(...args, '--split', 'all', '--backends', 'cpu,wasm', '--limit', '9');
      const { rows } = JSON.parse(all.stdout) as { rows: Record<string, unknown>[] };
      expect(rows.map(({ backend, images, differing }) => [backend, images, differing])).toEqual([
        ['cpu', 9, 0],
        ['wasm', 9, 0],
      ]);

      const picture = join(pictures, 'Bag', readdirSync(join(pictures, 'Bag'))[0]);
      const seen = await hetconv('predict', 'resnet20-cifar', picture, ...weights, '--json');
      const { images } = JSON.parse(seen.stdout) as { images: { top: { label: string; probability: number }[] }[] };
      expect(images[0].top.map(({ label }) => label).toSorted()).toEqual(CLASSES);
    },
  );

  it('takes a recipe from a file, options beside it winning', async () => {
    const recipe = join(folder, 'recipe.json');
    writeFileSync(
      recipe,
      JSON.stringify({ epochs: 9, batch: 11, optimizer: { kind: 'adam' }, augmentation: { flip: false } }),
    );
    const out = join(folder, 'adam');
    const { code, stderr } = await hetconv(
      'train',
      'resnet20-cifar',
      '--data',
      pictures,
      '--recipe',
      recipe,
      '--epochs',
      '1',
      '--limit',
      '11',
      '--out',
      out,
    );
    expect(stderr).toContain('epoch 1/1');
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(join(out, 'recipe.json'), 'utf8'))).toMatchObject({
      epochs: 1,
      batch: 11,
      optimizer: { kind: 'adam' },
      schedule: { kind: 'one-cycle', learningRate: 0.002 },
      augmentation: { padCrop: 4, flip: false, cutout: 0 },
    });
  });

  const stray = join(folder, 'stray');
  const wrong = join(folder, 'wrong.json');
  const cases: [string[], RegExp, number][] = [
    [
      ['train', 'resnet20-cifar', '--data', 'cifar11:x'],
      /neither a folder nor a known set\. Accepted: cifar10, cifar100/,
      2,
    ],
    [['train', 'resnet20-cifar', '--data', 'cifar10:nowhere'], /cs\.toronto\.edu[\s\S]*data_batch_1\.bin/, 1],
    [['train', 'resnet20-cifar', '--data', stray], /'?stray'?: found one subfolder/, 1],
    [['train', 'resnet20-cifar', ...small, '--out', stray, '--resume'], /no checkpoint\.safetensors in/, 2],
    [['train', 'resnet20-cifar', ...small, '--schedule', 'linear'], /constant, step, cosine, one-cycle/, 2],
    [
      ['train', 'resnet20-cifar', ...small, '--lr', '0'],
      /recipe\.schedule\.learningRate must be a positive number, but was 0/,
      2,
    ],
    [['train', 'resnet20-cifar', ...small, '--recipe', wrong], /recipe\.epoch must be left out/, 2],
    [['eval', 'resnet20-cifar', '--weights', stray, '--data', stray], /holds no model\.json/, 2],
    [
      ['eval', 'resnet20-cifar', '--weights', 'pretrained:mnist', '--data', stray],
      /no pretrained weights of resnet20-cifar, hetconv, P=4, on mnist/,
      2,
    ],
    [
      ['eval', 'vgg16-cifar', '--weights', join(folder, 'straight'), '--data', stray],
      /is of resnet20-cifar, not of vgg16-cifar/,
      2,
    ],
  ];

  it.each(cases)('%j is refused', async (args, message, code) => {
    if (!existsSync(stray)) {
      mkdirSync(join(stray, 'one'), { recursive: true });
      writeFileSync(join(stray, 'one', 'a.png'), '');
      writeFileSync(wrong, '{ "epoch": 3 }');
    }
    const outcome = await hetconv(...args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
  });
});
