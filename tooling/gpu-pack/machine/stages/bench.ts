/**
 * Speed: first as a program sees it (`hetconv bench layer`, results read back), then by the device's clock at all batches, beside cuDNN where
 * python3 has PyTorch.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../process.ts';
import type { Context, Stage } from '../stage.ts';

/** [size, channels] */
const LAYERS = [
  [16, 256],
  [112, 64],
  [56, 128],
  [28, 256],
  [14, 512],
] as const;

/** Seconds for each layer at batch 1; a fifth of a stage at most. */
const BUDGET = 8;

export const benchStage: Stage = {
  name: 'bench',
  title: 'Speed',
  async run(context) {
    const start = performance.now();
    const lines = await asProgram(context);
    const left = context.seconds - (performance.now() - start) / 1000;
    const device = await onDevice(context, Math.max(1, left));
    const isGood = lines.length === 0 && device.isGood;
    return { status: isGood ? 'passed' : 'failed', lines: [...lines, ...device.lines], figures: device.figures };
  },
};

/** @returns what went wrong, if anything did */
async function asProgram({ run, program, out, work, quick, seconds }: Context): Promise<string[]> {
  const file = join(work, 'layers.json');
  const layers = quick
    ? [{ size: 6, in: 8, out: 8, parts: [1, 4] }]
    : LAYERS.map(([size, channels]) => ({ size, in: channels, out: channels, parts: [1, 4, 8, 64, 'M'] }));
  writeFileSync(file, JSON.stringify(layers));
  const budget = quick ? 1 : Math.max(1, Math.min(BUDGET, Math.floor(seconds / 5 / LAYERS.length)));
  const timing = quick ? '--blocks 2 --rounds 2' : '--blocks 5';
  const finished = await run(
    [
      ...program('hetconv'),
      ...`bench layer --backends cuda --budget ${budget} ${timing}`.split(' '),
      '--layers',
      file,
      '--report',
      join(out, 'bench.html'),
    ],
    { seconds: seconds / 2 },
  );
  return finished.code === 0 ? [] : [`hetconv bench layer ${reasonOf(finished)}`];
}

interface DeviceOutcome {
  readonly isGood: boolean;
  readonly lines: readonly string[];
  readonly figures?: unknown;
}

async function onDevice({ run, program, out, quick }: Context, seconds: number): Promise<DeviceOutcome> {
  const json = join(out, 'cudnn.json');
  // It ends by itself, with what it has, before it would be killed.
  const limits = ['--seconds', String(Math.max(1, Math.floor(seconds * 0.85)))];
  const small = quick ? ['--quick', '--rounds', '2'] : [];
  const finished = await run([...program('beside-cudnn'), ...limits, ...small, '--report', json], { seconds });
  if (!existsSync(json)) return { isGood: false, lines: [`beside-cudnn ${reasonOf(finished)}`] };
  const { peer, rows, failures } = JSON.parse(readFileSync(json, 'utf8')) as Record<'peer' | 'rows' | 'failures', []>;
  return {
    isGood: finished.code === 0,
    lines: [
      ...(finished.isTooLong ? [`beside-cudnn ${reasonOf(finished)}; what it had measured is in cudnn.json`] : []),
      `${rows.length} rows, ${failures.length} layers not measured`,
      ...(finished.isTooLong ? [] : [finished.stdout]),
    ],
    figures: { peer, rows: rows.length, failures },
  };
}
