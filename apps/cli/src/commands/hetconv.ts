/** The command tree. Commands load when they run: `hetconv --help` needs no tfjs. A name may be two words, beside one that is the first. */
import { readFileSync } from 'node:fs';
import { defineCommand } from 'citty';

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

export const hetconv = defineCommand({
  meta: {
    name: 'hetconv',
    version,
    description: 'HetConv (heterogeneous-kernel convolution) on TensorFlow.js: measured, checked, run.',
  },
  subCommands: {
    bench: defineCommand({
      meta: { name: 'bench', description: 'Measure HetConv against standard convolution' },
      subCommands: {
        layer: () => import('./bench-layer.ts').then(({ benchLayerCommand }) => benchLayerCommand),
        model: () => import('./bench-model.ts').then(({ benchModelCommand }) => benchModelCommand),
      },
    }),
    conformance: () => import('./conformance.ts').then(({ conformanceCommand }) => conformanceCommand),
    summary: () => import('./summary.ts').then(({ summaryCommand }) => summaryCommand),
    train: () => import('./train.ts').then(({ trainCommand }) => trainCommand),
    'train sweep': () => import('./train-sweep.ts').then(({ trainSweepCommand }) => trainSweepCommand),
    'train worker': () => import('./train-worker.ts').then(({ trainWorkerCommand }) => trainWorkerCommand),
    eval: () => import('./eval.ts').then(({ evalCommand }) => evalCommand),
    predict: () => import('./predict.ts').then(({ predictCommand }) => predictCommand),
  },
});

/** Puts the two words of a name together: `train sweep FILE`, where `train MODEL` is a command, too. */
export function joinName(args: readonly string[], names: readonly string[]): string[] {
  const name = args.slice(0, 2).join(' ');
  return names.includes(name) ? [name, ...args.slice(2)] : [...args];
}
