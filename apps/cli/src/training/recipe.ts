/** From `--recipe FILE` and the options beside it to a recipe. */
import { readFileSync } from 'node:fs';
import { checkRecipe, completeRecipe, type Normalization, type PartialRecipe, type Recipe } from '@hetconv/train';
import { InvalidArgumentError } from '@hetconv/core';
import { oneOf, positiveInteger } from '../output/choices.ts';
import { UsageError } from '../output/failure.ts';

export const recipeArguments = {
  recipe: { type: 'string', description: 'A recipe as JSON; the options below win over it', valueHint: 'FILE' },
  epochs: { type: 'string', description: 'Passes over the training images [30]', valueHint: 'N' },
  batch: { type: 'string', description: 'Images a step [128]', valueHint: 'N' },
  optimizer: { type: 'string', description: 'sgd (momentum 0.9) or adam (decoupled decay) [sgd]', valueHint: 'O' },
  schedule: { type: 'string', description: 'constant, step, cosine or one-cycle [one-cycle]', valueHint: 'S' },
  lr: { type: 'string', description: 'Learning rate; for one-cycle the highest [0.2; adam: 0.002]', valueHint: 'R' },
  warmup: { type: 'string', description: 'Fraction of the training in which the rate rises [0]', valueHint: 'F' },
  'weight-decay': {
    type: 'string',
    description: 'Of kernels, never of biases and normalisations [5e-4]',
    valueHint: 'D',
  },
  'label-smoothing': { type: 'string', description: 'From 0 to 1 [0]', valueHint: 'S' },
  'pad-crop': { type: 'string', description: 'Random crops after padding by so many pixels [4]', valueHint: 'N' },
  flip: { type: 'boolean', description: 'Random mirroring, --no-flip to switch it off [on]' },
  cutout: { type: 'string', description: 'Side of a random square that is blanked [0]', valueHint: 'N' },
  seed: { type: 'string', description: 'Of the weights, the order and the augmentation [0]', valueHint: 'S' },
} as const;

type RecipeValues = { readonly [K in keyof typeof recipeArguments]?: string | boolean | undefined };

/** @throws UsageError naming the option or the key of the file */
export function recipeFrom(args: RecipeValues, normalization: Normalization): Recipe {
  return mergeRecipe(typeof args.recipe === 'string' ? readRecipe(args.recipe) : {}, args, normalization);
}

/**
 * @param file a recipe as a user wrote it; `args.recipe` is not looked at
 * @throws UsageError naming the option or the key of the file
 */
export function mergeRecipe(file: PartialRecipe, args: RecipeValues, normalization: Normalization): Recipe {
  const text = (name: keyof RecipeValues): string | undefined => args[name] as string | undefined;
  const given = <T>(name: keyof RecipeValues, parse: (option: string, value: string) => T): T | undefined => {
    const value = text(name);
    return value === undefined ? undefined : parse(`--${name}`, value);
  };
  const optimizer = given('optimizer', (option, value) => oneOf(option, value, ['sgd', 'adam'] as const));
  const schedule = given('schedule', (option, value) => oneOf(option, value, SCHEDULES));
  const isAdam = (optimizer ?? file.optimizer?.kind) === 'adam';
  const rate = given('lr', number) ?? file.schedule?.learningRate ?? (isAdam ? 0.002 : 0.2);
  const fileSchedule = schedule === undefined || schedule === file.schedule?.kind ? file.schedule : {};
  const fileOptimizer = optimizer === undefined || optimizer === file.optimizer?.kind ? file.optimizer : {};
  const partial = {
    ...file,
    ...defined({
      epochs: given('epochs', positiveInteger),
      batch: given('batch', positiveInteger),
      weightDecay: given('weight-decay', number),
      labelSmoothing: given('label-smoothing', number),
      seed: given('seed', seed),
    }),
    optimizer: { ...fileOptimizer, ...defined({ kind: optimizer, momentum: optimizer === 'sgd' ? 0.9 : undefined }) },
    schedule: { ...fileSchedule, ...defined({ kind: schedule, learningRate: rate, warmup: given('warmup', number) }) },
    augmentation: {
      ...file.augmentation,
      ...defined({
        padCrop: given('pad-crop', natural),
        flip: args.flip as boolean | undefined,
        cutout: given('cutout', natural),
      }),
    },
  } as PartialRecipe;
  try {
    return checkRecipe('train', completeRecipe(partial, normalization), normalization.mean.length);
  } catch (error) {
    if (error instanceof InvalidArgumentError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

const SCHEDULES = ['constant', 'step', 'cosine', 'one-cycle'] as const;

function readRecipe(path: string): PartialRecipe {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PartialRecipe;
  } catch (cause) {
    throw new UsageError(`--recipe: '${path}' cannot be read as JSON: ${(cause as Error).message}`, { cause });
  }
}

function number(option: string, value: string): number {
  const parsed = Number(value);
  if (value.trim() === '' || !Number.isFinite(parsed)) throw new UsageError(`${option}: '${value}' must be a number.`);
  return parsed;
}

function natural(option: string, value: string): number {
  const parsed = number(option, value);
  if (!Number.isInteger(parsed) || parsed < 0) throw new UsageError(`${option}: '${value}' must be an integer from 0.`);
  return parsed;
}

function seed(_option: string, value: string): number | string {
  return /^\d+$/.test(value) ? Number(value) : value;
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}
