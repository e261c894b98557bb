/** One epoch of ResNet-20 with HetConv P = 4 on the data that were packed, or on the 512 pictures that always are. */
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../process.ts';
import type { Stage } from '../stage.ts';

export const trainStage: Stage = {
  name: 'train',
  title: 'Training',
  async run({ run, program, work, out, quick }) {
    const { data, name, batch } = dataIn(work);
    const what = quick ? `2 images of ${name}` : name;
    const folder = join(work, 'training');
    rmSync(folder, { recursive: true, force: true });
    const limits = quick ? ['--limit', '2', '--batch', '2'] : ['--batch', batch];
    const finished = await run([
      ...program('hetconv'),
      ...'train resnet20-cifar --part 4 --backend cuda --epochs 1 --json'.split(' '),
      '--data',
      data,
      '--out',
      folder,
      ...limits,
    ]);
    const curves = join(folder, 'curves.html');
    if (existsSync(curves)) copyFileSync(curves, join(out, 'train.html'));
    if (finished.code !== 0) return { status: 'failed', lines: [`hetconv train ${reasonOf(finished)}`] };
    const { last } = JSON.parse(finished.stdout) as { readonly last: Epoch };
    const figures = { data: what, ...last };
    return {
      status: Number.isFinite(last.loss) ? 'passed' : 'failed',
      lines: [
        `an epoch of ResNet-20 P = 4 on ${what} in ${last.seconds.toFixed(1)} s, test included`,
        `loss ${last.loss.toFixed(3)}, training ${percent(last.accuracy)}, test ${percent(last.testAccuracy)}`,
      ],
      figures,
    };
  },
};

function percent(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

interface Epoch {
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly testAccuracy: number;
}

function dataIn(work: string): { readonly data: string; readonly name: string; readonly batch: string } {
  const { id, complete } = JSON.parse(readFileSync(join(work, 'data.json'), 'utf8')) as PackedData;
  if (id !== null && complete) return { data: `${id}:${join(work, 'data', id)}`, name: id, batch: '128' };
  const pictures = join(work, 'app', 'fixtures', 'fashion-mnist-pictures');
  return { data: pictures, name: '512 images of Fashion-MNIST', batch: '32' };
}

interface PackedData {
  readonly id: string | null;
  /** Every file of it has come. */
  readonly complete: boolean;
}
