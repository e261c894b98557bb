/**
 * Takes finished trainings into the package, each the `--out` folder of a `hetconv train`, and writes the catalogue anew:
 *
 *     node packages/weights/tools/add.ts FOLDER..
 *
 * Kept are the model, the recipe, the log and what the training said of itself, without the folders of the machine that ran it.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DatasetId, DATASETS } from '@hetconv/datasets';
import { type ConvKind, usesPart } from '@hetconv/layers';
import { writeFileAtomically } from '@hetconv/layers/node';
import { TRAINED_FOLDER } from '../src/node.ts';
import { CATALOGUE_FILE, catalogueText, json, lastEpoch, type TrainingFacts, weightFiles } from './catalogue.ts';

/** training.json of `hetconv train`. */
interface WrittenFacts extends Omit<TrainingFacts, 'command' | 'kind'> {
  readonly kind: ConvKind;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, unknown>>;
}

for (const folder of process.argv.slice(2)) await add(folder);
await writeFileAtomically(CATALOGUE_FILE, catalogueText());
execFileSync('oxfmt', [CATALOGUE_FILE]);

async function add(folder: string): Promise<void> {
  const facts = json(join(folder, 'training.json')) as WrittenFacts;
  const { epochs } = json(join(folder, 'recipe.json')) as { readonly epochs: number };
  const { epoch } = lastEpoch(join(folder, 'log.jsonl'));
  if (epoch !== epochs) throw new Error(`${folder}: not finished, epoch ${epoch} of ${epochs}`);
  const part = usesPart(facts.kind) ? facts.part : 'none';
  const name = [facts.model, facts.kind, ...(part === 'none' ? [] : [`p${part}`])].join('-');
  const target = join(TRAINED_FOLDER, facts.dataset, name);
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const weights = join(folder, 'weights');
  await writeFileAtomically(join(target, 'model.json'), modelText(join(weights, 'model.json'), facts.dataset));
  for (const file of weightFiles(weights)) cpSync(join(weights, file), join(target, file));
  for (const file of ['recipe.json', 'log.jsonl']) cpSync(join(folder, file), join(target, file));
  const kept = { ...facts, part, command: publicCommand(facts) };
  await writeFileAtomically(join(target, 'training.json'), `${JSON.stringify(kept, null, 2)}\n`);
}

/** The model as it was saved. Trainings before `imageShape` did not say of what shape their images were; it is that of the set. */
function modelText(file: string, dataset: string): string {
  const model = json(file) as { readonly userDefinedMetadata: { readonly hetconv: { imageShape?: unknown } } };
  const { shape } = DATASETS[dataset as DatasetId];
  model.userDefinedMetadata.hetconv.imageShape ??= shape;
  return JSON.stringify(model);
}

/** The command with FOLDER for the place of the data and the recipe that lies beside, without what decides nothing. */
function publicCommand({ command, dataset }: WrittenFacts): string {
  const replaced = new Map([
    ['--data', `${dataset}:FOLDER`],
    ['--recipe', 'recipe.json'],
    ['--out', undefined],
    ['--checkpoint-seconds', undefined],
  ]);
  const words: string[] = [];
  for (let i = 0; i < command.length; i++) {
    const [option, ...value] = command[i].split('=');
    if (option === '--resume') continue;
    if (!replaced.has(option)) words.push(command[i]);
    else {
      const instead = replaced.get(option);
      if (instead !== undefined) words.push(option, instead);
      if (value.length === 0) i++; // the value is the next word
    }
  }
  return words.join(' ');
}
