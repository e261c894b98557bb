/** `hetconv summary`: layers, multiply-adds and parameters of a network, without running it. */
import { type CostConvention, type LayerSummary, modelCosts } from '@hetconv/layers';
import { describeTraining } from '@hetconv/weights';
import { defineCommand } from 'citty';
import { oneOf, part } from '../output/choices.ts';
import { emitJson, print } from '../output/emit.ts';
import { grouped, renderTable } from '../output/table.ts';
import { findPretrained } from '../training/pretrained.ts';
import { findKind, findModel, modelArguments, noticeCollector } from './model-arguments.ts';

const CONVENTIONS: readonly CostConvention[] = ['mac', 'paper'];

export const summaryCommand = defineCommand({
  meta: { name: 'summary', description: 'Layers, multiply-adds and parameters of a network' },
  args: {
    ...modelArguments,
    part: {
      type: 'string',
      description: "P, or 'channels' (M) for as many as a layer has",
      default: '4',
      valueHint: 'P|channels',
    },
    convention: {
      type: 'string',
      description: "mac: exact multiply-adds; paper: as the paper's tables count",
      default: 'mac',
      valueHint: 'mac|paper',
    },
    json: { type: 'boolean', description: 'One JSON document on stdout' },
  },
  run({ args }) {
    const kind = findKind(args.kind);
    const asked = part('--part', args.part, 'M');
    const convention = oneOf('--convention', args.convention, CONVENTIONS);
    const notices = noticeCollector();
    const model = findModel(args.model).build({ convKind: kind, part: asked, onNotice: notices.onNotice });
    notices.flush();
    const { total, layers } = modelCosts(model, { convention });
    const trained = findPretrained({ model: args.model, kind, part: asked });
    if (args.json) {
      emitJson({ model: args.model, kind, part: asked, convention, total, layers, trained });
      return;
    }
    print(`${args.model}, ${kind}, P=${asked}; for one image\n`);
    printLayers(layers);
    const unit = convention === 'mac' ? 'multiply-adds' : 'operations as the paper counts';
    print(
      `${grouped(Math.round(total.macs))} ${unit}, of which ${grouped(Math.round(total.convMacs))} in convolutions`,
    );
    if (total.paperMillions !== undefined)
      print(`${total.paperMillions.toFixed(2)} million, truncated as in the paper's tables`);
    print(`${grouped(total.params)} parameters, ${grouped(total.bytes)} bytes of weights`);
    for (const weights of trained) print(`Pretrained: ${describeTraining(weights)}`);
  },
});

function printLayers(layers: readonly LayerSummary[]): void {
  print(
    renderTable(layers, [
      { title: 'layer', align: 'left', cell: (layer) => layer.name },
      { title: 'type', align: 'left', cell: (layer) => layer.type },
      { title: 'output', cell: (layer) => layer.outputShape.slice(1).join(' x ') },
      { title: 'operations', cell: (layer) => (layer.macs === 0 ? '' : grouped(Math.round(layer.macs))) },
      { title: 'parameters', cell: (layer) => (layer.params === 0 ? '' : grouped(layer.params)) },
    ]),
  );
}
