/** `hetconv bench layer`: layers at several P, beside the stock convolutions of the same backend. */
import { benchLayers, environment, type LayerRow } from '@hetconv/bench';
import { defineCommand } from 'citty';
import { describeEnvironment } from '../backends/environment.ts';
import { selectBackends } from '../backends/select.ts';
import { createProgress } from '../output/progress.ts';
import { benchArguments, benchOptions } from './bench-arguments.ts';
import { benchOutcome } from './bench-outcome.ts';
import { layerArguments, layerList } from './layer-list.ts';

export const benchLayerCommand = defineCommand({
  meta: {
    name: 'layer',
    description: 'Layers: HetConv, dense, depthwise + pointwise, grouped + pointwise, the composed form, side by side',
  },
  args: { ...layerArguments, ...benchArguments },
  async run({ args, rawArgs }) {
    const requests = layerList(args);
    const progress = createProgress();
    const { onProgress, ...timing } = benchOptions(args, progress);
    const finish = benchOutcome('layers', args, rawArgs);
    const start = environment();
    const selection = await selectBackends(args.backends);
    const rows: LayerRow[] = [];
    let place = start;
    try {
      rows.push(...(await benchLayers(selection.providers, requests, { ...timing, onProgress })));
      rows.push(...((await selection.browser?.layers(requests, timing, onProgress)) ?? []));
      place = await describeEnvironment(selection, start);
    } finally {
      progress.stop();
      await selection.close();
    }
    finish({ environment: place, rows });
  },
});
