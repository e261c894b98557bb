/** The command tree. Commands load when they run: `hetconv --help` needs no tfjs. */
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
    eval: () => import('./eval.ts').then(({ evalCommand }) => evalCommand),
    predict: () => import('./predict.ts').then(({ predictCommand }) => predictCommand),
  },
});
