/**
 * Measures HetConv on this machine's GPU beside our own dense kernel and, where python3 has PyTorch with CUDA, beside cuDNN: device times,
 * turn by turn in the same rounds. The table goes to stdout, and with the result into reports, which are renewed after every layer.
 * Exits with 0 only if every layer was measured.
 *
 *     node bench/beside-cudnn.ts [--batch 1,32,128] [--part 1,4,8,64,M] [--rounds 7] [--seconds 600] [--report FILE.json|FILE.md]...
 *                                [--python python3 | --python none] [--quick]
 */
import { parseArgs } from 'node:util';
import { writeFileAtomically } from '@hetconv/layers/node';
import { enableProdMode } from '@tensorflow/tfjs-core';
import { layersOf, type PartChoice } from './layers.ts';
import { measure } from './measure.ts';
import { Peer } from './peer.ts';
import { markdownOf, type Result } from './table.ts';

const { values } = parseArgs({
  options: {
    batch: { type: 'string' },
    part: { type: 'string' },
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '600' },
    python: { type: 'string', default: 'python3' },
    report: { type: 'string', multiple: true, default: [] },
    quick: { type: 'boolean', default: false },
  },
});
const { quick, python, report: reports } = values;
const unknown = reports.find((file) => !/\.(json|md)$/.test(file));
if (unknown !== undefined) throw new RangeError(`--report: '${unknown}' must end in .json or .md`);

enableProdMode();
const peer = python === 'none' ? undefined : Peer.torch(python);
const note = (text: string): void => void process.stderr.write(`${text}\n`);
const result = await measure({
  layers: layersOf({
    batches: list(values.batch ?? (quick ? '2' : '1,32,128')).map(positive),
    parts: list(values.part ?? (quick ? '1,4,M' : '1,4,8,64,M')).map((text): PartChoice =>
      text === 'M' ? 'M' : positive(text),
    ),
    quick,
  }),
  rounds: positive(values.rounds),
  seconds: positive(values.seconds),
  ...(peer === undefined ? {} : { peer }),
  note,
  onResult: save,
});
peer?.close();
process.stdout.write(markdownOf(result));
process.exitCode = result.failures.length === 0 ? 0 : 1;

async function save(known: Result): Promise<void> {
  for (const file of reports) {
    await writeFileAtomically(file, file.endsWith('.md') ? markdownOf(known) : `${JSON.stringify(known, null, 2)}\n`);
  }
}

function list(text: string): string[] {
  return text.split(',').map((entry) => entry.trim());
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`'${text}' must be a positive integer`);
}
