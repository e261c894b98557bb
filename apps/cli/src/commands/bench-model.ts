/** `hetconv bench model`: one network at several P beside its standard twin, on real images, on every backend. */
import { benchModel, type BenchedModel, modelOutputs, type ModelRow } from '@hetconv/bench';
import { foldForInference } from '@hetconv/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { figure, modelSection, modelTitle, verdict } from '@hetconv/report';
import { defineCommand } from 'citty';
import { describeEnvironment, type EnvironmentReport } from '../backends/environment.ts';
import { cpuReference } from '../backends/reference.ts';
import { selectBackends } from '../backends/select.ts';
import { pageModels } from '../browser/page-models.ts';
import { loadImages } from '../images/load.ts';
import { list, part, positiveInteger } from '../output/choices.ts';
import { RATIO_COLUMNS } from '../output/comparison.ts';
import { emitJson, note, print } from '../output/emit.ts';
import { createProgress } from '../output/progress.ts';
import { writeReport } from '../output/report-file.ts';
import { renderTable } from '../output/table.ts';
import { benchArguments, benchOptions } from './bench-arguments.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

export const benchModelCommand = defineCommand({
  meta: { name: 'model', description: 'A network and its standard twin: the same images and weights on every backend' },
  args: {
    ...modelArguments,
    part: {
      type: 'string',
      description: "P, or several; 'channels' for as many as a layer has",
      required: true,
      valueHint: 'P1,P2,..',
    },
    images: {
      type: 'string',
      description: "A folder of PNG and JPEG files, or 'fixture' (Fashion-MNIST)",
      default: 'fixture',
      valueHint: 'FOLDER',
    },
    count: { type: 'string', description: 'Images on which backends are compared', default: '16', valueHint: 'N' },
    batch: { type: 'string', description: 'Images a batch when timing', default: '1', valueHint: 'B' },
    seed: { type: 'string', description: 'Seed of the weights', default: '0' },
    fold: {
      type: 'boolean',
      description: 'Fold batch normalisation and activations into the convolutions of both networks, as for deployment',
    },
    ...benchArguments,
  },
  async run({ args }) {
    const entry = findModel(args.model);
    const kind = findKind(args.kind);
    const parts = [...new Set(list('--part', args.part).map((value) => part('--part', value, 'M')))];
    const batch = positiveInteger('--batch', args.batch);
    const count = Math.max(batch, positiveInteger('--count', args.count));
    const { source, images } = await loadImages(args.images, entry.inputShape, count);
    const selection = await selectBackends(args.backends);
    const { providers, browser } = selection;

    const notices = noticeCollector();
    const folded = args.fold ?? false;
    const ready = (network: LayersModel): LayersModel => (folded ? foldForInference(network) : network);
    const models: BenchedModel[] = parts.map((p) => ({
      kind,
      part: p,
      model: ready(entry.build({ convKind: kind, part: p, seed: args.seed, onNotice: notices.onNotice })),
    }));
    const standard = ready(entry.build({ convKind: 'standard', seed: args.seed }));
    notices.flush();

    const progress = createProgress();
    const rows: ModelRow[] = [];
    let environment: EnvironmentReport;
    try {
      const request = { name: entry.name, models, standard, images, batch: Math.min(batch, images.shape[0]) };
      const { onProgress, ...timing } = benchOptions(args, progress);
      rows.push(...(await benchModel(providers, request, { ...timing, onProgress })));
      if (browser !== undefined) {
        onProgress({ stage: 'cpu: outputs for the browser to compare with', loaded: 0, total: 1 });
        const reference = await modelOutputs(providers[0] ?? (await cpuReference()), request);
        rows.push(
          ...(await browser.models(
            await pageModels({ ...request, kind, parts, seed: args.seed, folded, reference }),
            timing,
            onProgress,
          )),
        );
      }
      environment = await describeEnvironment(selection);
    } finally {
      progress.stop();
      await selection.close();
    }
    const result = { environment: { ...environment, images: source, folded }, rows };
    if (args.json) emitJson(result);
    else printModelRows(rows, folded ? `${source}, folded` : source, providers[0]?.name ?? 'cpu');
    if (args.report !== undefined) {
      const path = writeReport(args.report, modelTitle(result), (document) => modelSection(result, document));
      note(`Report: ${path}`);
    }
  },
});

function printModelRows(rows: readonly ModelRow[], source: string, reference: string): void {
  const [{ model, batch, kind }] = rows;
  print(`${model}: ${kind} beside standard convolutions; ${source}, ${batch} at a time; medians in ms\n`);
  print(
    renderTable<ModelRow>(rows, [
      { title: 'backend', align: 'left', cell: (row) => row.backend },
      { title: 'P', cell: (row) => String(row.part) },
      { title: 'HetConv', cell: (row) => `${figure(row.medianMs)} ±${figure(row.spreadMs)}` },
      { title: 'standard', cell: (row) => `${figure(row.standardMedianMs)} ±${figure(row.standardSpreadMs)}` },
      ...RATIO_COLUMNS,
      { title: 'first run', cell: (row) => figure(row.firstRunMs) },
      { title: 'difference', cell: (row) => row.worstDifference.toExponential(1) },
    ]),
  );
  print(
    `All backends run the same weights and agree with ${reference}: the difference is relative to the largest output.`,
  );
  for (const row of rows) for (const line of verdict(row, 'its standard twin')) print(line);
}
