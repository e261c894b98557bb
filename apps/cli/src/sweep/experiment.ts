/** An experiment as a file: networks x kinds x P x seeds under one recipe on one data set. */
import { readFileSync } from 'node:fs';
import { CONV_KINDS, type ConvKind, usesPart } from '@hetconv/layers';
import type { PartialRecipe } from '@hetconv/train';
import { classificationModels } from '@hetconv/zoo-classification';
import { UsageError } from '../output/failure.ts';
import { mergeRecipe } from '../training/recipe.ts';

/** One network of the table. */
export interface Row {
  readonly model: string;
  readonly kind: ConvKind;
  /** Kinds without P have one too, which decides nothing: that of `hetconv train`. */
  readonly part: number | 'channels';
}

export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** A known set (`cifar10`), or the name of a folder of pictures. */
  readonly data: string;
  /** At most so many images of each split. */
  readonly limit?: number;
  readonly rows: readonly Row[];
  /** Each row is trained once with each of them. */
  readonly seeds: readonly number[];
  /** Without seed: what it leaves out is as `hetconv train` has it. */
  readonly recipe: PartialRecipe;
  readonly backend: string;
  /** Which row of the same network the others are compared with. */
  readonly compare: Partial<Pick<Row, 'kind' | 'part'>>;
}

/** `--part` of `hetconv train`. */
const DEFAULT_PART = 4;

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly accepted: string;
}

const isSeed = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isPositive = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 1;
const isPart = (value: unknown): boolean => isPositive(value) || value === 'channels';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOf = (accepts: Rule['accepts']): Rule['accepts'] => {
  return (value) => Array.isArray(value) && value.length > 0 && value.every(accepts);
};
const isWord = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const oneOf = (names: readonly string[]): Rule => {
  return { accepts: (value) => names.includes(value as string), accepted: `one of ${names.join(', ')}` };
};

const PART: Rule = { accepts: isPart, accepted: "a positive integer, or 'channels' for as many as a layer has" };
const KIND = oneOf(CONV_KINDS);
const WORD: Rule = { accepts: isWord, accepted: 'text' };
const OBJECT: Rule = { accepts: isObject, accepted: 'an object' };

const RULES: Readonly<Record<string, Rule>> = {
  name: {
    accepts: (value) => typeof value === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(value),
    accepted: 'lower-case letters, digits and hyphens',
  },
  title: WORD,
  data: WORD,
  limit: { accepts: isPositive, accepted: 'a positive integer' },
  rows: { accepts: isListOf(isObject), accepted: 'a list of objects with model, kind and part' },
  seeds: {
    accepts: (value) => isListOf(isSeed)(value) && new Set(value as number[]).size === (value as number[]).length,
    accepted: 'a list of different integers of at least 0',
  },
  recipe: OBJECT,
  backend: WORD,
  compare: OBJECT,
};

const REQUIRED = ['name', 'title', 'data', 'rows', 'seeds', 'recipe'] as const;

const ROW_RULES: Readonly<Record<string, Rule>> = {
  model: oneOf(classificationModels.map(({ name }) => name)),
  kind: KIND,
  part: {
    accepts: (value) => isPart(value) || isListOf(isPart)(value),
    accepted: `${PART.accepted}, or a list of them`,
  },
};

/** @throws UsageError naming the file, the key, what it was and what is accepted */
export function readExperiment(file: string): Experiment {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`'${file}' cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
  return parseExperiment(value, file);
}

/** Seeds as the command line writes them. @throws UsageError */
export function parseSeeds(option: string, value: string): number[] {
  const seeds = value.split(',').map((text) => (text.trim() === '' ? NaN : Number(text)));
  if (!RULES['seeds'].accepts(seeds)) {
    throw new UsageError(`${option}: '${value}' must be different integers of at least 0, separated by commas.`);
  }
  return seeds;
}

/** @param source of the value, for messages */
export function parseExperiment(value: unknown, source: string): Experiment {
  const refuse = (key: string, got: unknown, accepted: string): never => {
    throw new UsageError(`${source}: ${key} was ${JSON.stringify(got) ?? 'absent'}; accepted: ${accepted}.`);
  };
  const check = (path: string, object: unknown, rules: Readonly<Record<string, Rule>>, required: readonly string[]) => {
    if (!isObject(object)) refuse(path || 'the file', object, 'an object');
    const at = (key: string): string => (path === '' ? key : `${path}.${key}`);
    const entries = object as Record<string, unknown>;
    for (const [key, own] of Object.entries(entries)) {
      if (!Object.hasOwn(rules, key)) refuse(at(key), own, `left out; known here: ${Object.keys(rules).join(', ')}`);
      if (!rules[key].accepts(own)) refuse(at(key), own, rules[key].accepted);
    }
    const missing = required.find((key) => entries[key] === undefined);
    if (missing !== undefined) refuse(at(missing), undefined, rules[missing].accepted);
  };
  check('', value, RULES, REQUIRED);
  const file = value as ExperimentFile;
  for (const [i, row] of file.rows.entries()) check(`rows[${i}]`, row, ROW_RULES, ['model', 'kind']);
  check('compare', file.compare ?? {}, { kind: KIND, part: PART }, []);
  const rows = file.rows.flatMap(expand);
  const names = rows.map(rowName);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) refuse('rows', twice, 'each row once');
  if (file.recipe.seed !== undefined) refuse('recipe.seed', file.recipe.seed, 'left out; seeds stand in seeds');
  checkRecipe(file.recipe, source);
  const { backend = 'wasm', compare = { kind: 'standard' } } = file;
  return { ...file, rows, backend, compare };
}

interface ExperimentFile extends Omit<Experiment, 'rows' | 'backend' | 'compare'> {
  readonly rows: readonly FileRow[];
  readonly backend?: string;
  readonly compare?: Experiment['compare'];
}

interface FileRow {
  readonly model: string;
  readonly kind: ConvKind;
  readonly part?: Row['part'] | readonly Row['part'][];
}

/** A list of P stands for as many rows. */
function expand({ model, kind, part = DEFAULT_PART }: FileRow): Row[] {
  const parts = Array.isArray(part) ? (part as readonly Row['part'][]) : [part as Row['part']];
  return parts.map((one) => ({ model, kind, part: one }));
}

/** With any normalisation, which follows from the data. */
function checkRecipe(recipe: PartialRecipe, source: string): void {
  try {
    mergeRecipe(recipe, {}, { mean: [0, 0, 0], std: [1, 1, 1] });
  } catch (error) {
    throw new UsageError(`${source}: ${(error as Error).message}`, { cause: error });
  }
}

/** Tells a row from the others: kinds without P are the same at every P. */
function rowName({ model, kind, part }: Row): string {
  return usesPart(kind) ? `${model}, ${kind}, P=${part}` : `${model}, ${kind}`;
}
