/** The layers that `hetconv bench layer` measures: one by its options, a preset, or a file of them. */
import { readFileSync } from 'node:fs';
import { describeLayer, LAYER_PRESETS, layerPreset, type LayerRequest } from '@hetconv/bench';
import { list, oneOf, part, positiveInteger } from '../output/choices.ts';
import { note } from '../output/emit.ts';
import { UsageError } from '../output/failure.ts';

/** The options of the command that say which layers. */
export const layerArguments = {
  size: { type: 'string', description: 'Input height (and width)', valueHint: 'H' },
  width: { type: 'string', description: 'Input width, where it differs', valueHint: 'W' },
  in: { type: 'string', description: 'Input channels M', valueHint: 'M' },
  out: { type: 'string', description: 'Output channels N', valueHint: 'N' },
  kernel: { type: 'string', description: 'Kernel size K', default: '3', valueHint: 'K' },
  stride: { type: 'string', description: 'Stride', default: '1', valueHint: 'S' },
  batch: { type: 'string', description: 'Images a batch', default: '1', valueHint: 'B' },
  preset: {
    type: 'string',
    description: `Instead of one layer a list of them: ${LAYER_PRESETS.join(', ')}, or several, separated by commas`,
    valueHint: 'NAME',
  },
  layers: {
    type: 'string',
    description:
      'Instead of one layer a JSON file: [{ "size": 16, "in": 256, "out": 256, "stride": 1, "parts": [4, "M"] }]',
    valueHint: 'FILE',
  },
  part: {
    type: 'string',
    description: 'P, or several; M for all input channels. Required unless each layer of a file has its own',
    valueHint: 'P1,P2,..|M',
  },
} as const;

export type LayerArguments = Readonly<
  Record<'size' | 'width' | 'in' | 'out' | 'preset' | 'layers' | 'part', string | undefined> &
    Record<'kernel' | 'stride' | 'batch', string>
>;

type Parts = readonly (number | 'channels')[];

/** @throws UsageError */
export function layerList(args: LayerArguments): LayerRequest[] {
  const ways = [args.size, args.preset, args.layers].filter((value) => value !== undefined).length;
  if (ways !== 1)
    throw new UsageError('Which layers: give --size, --in and --out, or --preset NAME, or --layers FILE.');
  const parts = args.part === undefined ? undefined : partsOf('--part', args.part);
  if (args.layers !== undefined) return layersOfFile(args.layers, args, parts);
  if (parts === undefined) throw new UsageError('--part is missing: P1,P2,.. or M for all input channels.');
  if (args.preset === undefined) return [oneLayer(args, parts)];
  const batch = positiveInteger('--batch', args.batch);
  const sizes = list('--preset', args.preset).flatMap((name) => layerPreset(oneOf('--preset', name, LAYER_PRESETS)));
  const distinct = new Map(sizes.map((one) => [describeLayer({ ...one, batch }), one])); // presets share layers
  return [...distinct.values()].map((one) => withParts({ ...one, batch }, parts));
}

function oneLayer(args: LayerArguments, parts: Parts): LayerRequest {
  const required = (name: 'size' | 'in' | 'out'): number => {
    const value = args[name];
    if (value === undefined) throw new UsageError(`--${name} is missing: --size, --in and --out make a layer.`);
    return positiveInteger(`--${name}`, value);
  };
  const inChannels = required('in');
  const tooLarge = parts.find((p) => p !== 'channels' && p > inChannels);
  if (tooLarge !== undefined)
    throw new UsageError(`--part: ${tooLarge} is larger than the ${inChannels} input channels (--in).`);
  const height = required('size');
  return withParts(
    {
      height,
      width: args.width === undefined ? height : positiveInteger('--width', args.width),
      in: inChannels,
      out: required('out'),
      kernel: positiveInteger('--kernel', args.kernel),
      stride: positiveInteger('--stride', args.stride),
      batch: positiveInteger('--batch', args.batch),
    },
    parts,
  );
}

/** P beyond the input channels of a layer is left out, and said; a layer of which nothing is left is an error. */
function withParts(sizes: Omit<LayerRequest, 'parts'>, parts: Parts): LayerRequest {
  const all = [...new Set(parts.map((p) => (p === 'channels' ? sizes.in : p)))];
  const possible = all.filter((p) => p <= sizes.in);
  const left = all.filter((p) => p > sizes.in);
  const layer = describeLayer(sizes);
  if (possible.length === 0)
    throw new UsageError(`--part: ${left.join(', ')} exceeds the ${sizes.in} input channels of ${layer}.`);
  if (left.length > 0) note(`note: ${layer} has ${sizes.in} input channels; P=${left.join(', ')} is left out there.`);
  return { ...sizes, parts: possible };
}

const FIELDS = ['name', 'size', 'height', 'width', 'in', 'out', 'kernel', 'stride', 'batch', 'parts'];

function layersOfFile(file: string, args: LayerArguments, parts: Parts | undefined): LayerRequest[] {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`--layers: '${file}': ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  if (!Array.isArray(value) || value.length === 0)
    throw new UsageError(`--layers: '${file}' must be a JSON list of layers.`);
  return value.map((entry: unknown, i) => layerOfEntry(`--layers: ${file}[${i}]`, entry, args, parts));
}

function layerOfEntry(at: string, entry: unknown, args: LayerArguments, parts: Parts | undefined): LayerRequest {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    throw new UsageError(`${at} must be an object with ${FIELDS.join(', ')}.`);
  const unknown = Object.keys(entry).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw new UsageError(`${at}.${unknown} is not known. Fields: ${FIELDS.join(', ')}.`);
  const fields = entry as Readonly<Record<string, unknown>>;
  const integer = (name: string, fallback: unknown): number =>
    positiveInteger(`${at}.${name}`, String(fields[name] ?? fallback));
  const height = integer(fields.height === undefined ? 'size' : 'height', undefined);
  const own = fields.parts === undefined ? parts : partsOf(`${at}.parts`, textOf(fields.parts));
  if (own === undefined) throw new UsageError(`${at}.parts is missing, and so is --part.`);
  const sizes = {
    height,
    width: integer('width', height),
    in: integer('in', undefined),
    out: integer('out', undefined),
    kernel: integer('kernel', args.kernel),
    stride: integer('stride', args.stride),
    batch: integer('batch', args.batch),
  };
  return withParts(typeof fields.name === 'string' ? { name: fields.name, ...sizes } : sizes, own);
}

/** `[4, "M"]`, `4` or `"4,M"` as the command line has it. */
function textOf(parts: unknown): string {
  const entries: unknown[] = Array.isArray(parts) ? parts : [parts];
  return entries.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join(',');
}

function partsOf(option: string, value: string): Parts {
  return list(option, value).map((entry) => part(option, entry, 'M'));
}
