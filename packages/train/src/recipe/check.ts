/** Recipes from outside: defaults filled in, every value checked, unknown keys refused. */
import { InvalidArgumentError } from '@hetconv/core';
import { DEFAULT_RECIPE, type Recipe } from './recipe.ts';

/** A recipe as a user writes it: any part of it. */
export type PartialRecipe = {
  readonly [K in keyof Recipe]?: Recipe[K] extends object ? Partial<Recipe[K]> : Recipe[K];
};

interface Rule {
  readonly accepts: (value: unknown) => boolean;
  readonly accepted: string;
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const rule = (accepts: Rule['accepts'], accepted: string): Rule => ({ accepts, accepted });
const POSITIVE_INTEGER = rule((v) => Number.isInteger(v) && (v as number) >= 1, 'a positive integer');
const NATURAL = rule((v) => Number.isInteger(v) && (v as number) >= 0, 'an integer of at least 0');
const POSITIVE = rule((v) => isNumber(v) && v > 0, 'a positive number');
const NOT_NEGATIVE = rule((v) => isNumber(v) && v >= 0, 'a number of at least 0');
const FRACTION = rule((v) => isNumber(v) && v >= 0 && v < 1, 'a number in [0, 1)');
const INNER_FRACTION = rule((v) => isNumber(v) && v > 0 && v < 1, 'a number in (0, 1)');
const BOOLEAN = rule((v) => typeof v === 'boolean', 'true or false');
const SEED = rule((v) => isNumber(v) || (typeof v === 'string' && v !== ''), 'a number or text');
const MILESTONES = rule(
  (v) => Array.isArray(v) && v.every((m, i) => INNER_FRACTION.accepts(m) && (i === 0 || m > v[i - 1])),
  'ascending numbers in (0, 1), as fractions of the training',
);

type Rules = Readonly<Record<string, Rule>>;

const SCHEDULES: Readonly<Record<Recipe['schedule']['kind'], Rules>> = {
  constant: { learningRate: POSITIVE, warmup: FRACTION },
  step: { learningRate: POSITIVE, milestones: MILESTONES, factor: POSITIVE, warmup: FRACTION },
  cosine: { learningRate: POSITIVE, warmup: FRACTION },
  'one-cycle': { learningRate: POSITIVE, peak: INNER_FRACTION, startDivisor: POSITIVE, endDivisor: POSITIVE },
};

const OPTIMIZERS: Readonly<Record<Recipe['optimizer']['kind'], Rules>> = {
  sgd: { momentum: FRACTION, nesterov: BOOLEAN },
  adam: { beta1: FRACTION, beta2: FRACTION, epsilon: POSITIVE },
};

const AUGMENTATION: Rules = { padCrop: NATURAL, flip: BOOLEAN, cutout: NATURAL };

const TOP: Rules = {
  epochs: POSITIVE_INTEGER,
  batch: POSITIVE_INTEGER,
  weightDecay: NOT_NEGATIVE,
  labelSmoothing: FRACTION,
  seed: SEED,
};

/** Keys of a recipe that hold objects. */
const NESTED = ['optimizer', 'schedule', 'augmentation', 'normalization'] as const;

/**
 * @param channels of the images: so many means and deviations
 * @returns the recipe itself, every required key of it known to be there
 * @throws InvalidArgumentError naming the first key that is missing, unknown or wrong
 */
export function checkRecipe(operation: string, recipe: Recipe, channels: number): Recipe {
  const refuse = (argument: string, got: unknown, accepted: string): never => {
    throw new InvalidArgumentError(operation, argument, got, accepted);
  };
  const check = (
    path: string,
    object: unknown,
    rules: Rules,
    required: readonly string[],
    others: readonly string[],
  ) => {
    if (typeof object !== 'object' || object === null) return refuse(path, object, 'an object');
    for (const [key, value] of Object.entries(object)) {
      if (others.includes(key) || value === undefined) continue;
      const known = [...others, ...Object.keys(rules)];
      if (!Object.hasOwn(rules, key)) refuse(`${path}.${key}`, value, `left out; known here: ${known.join(', ')}`);
      if (!rules[key].accepts(value)) refuse(`${path}.${key}`, value, rules[key].accepted);
    }
    const values = object as Record<string, unknown>;
    const missing = required.find((key) => values[key] === undefined);
    if (missing !== undefined) refuse(`${path}.${missing}`, undefined, rules[missing].accepted);
    return undefined;
  };
  check('recipe', recipe, TOP, Object.keys(TOP), NESTED);
  for (const [key, kinds] of [
    ['optimizer', OPTIMIZERS],
    ['schedule', SCHEDULES],
  ] as const) {
    const kind = recipe[key]?.kind;
    if (!Object.hasOwn(kinds, kind)) refuse(`recipe.${key}.kind`, kind, `one of ${Object.keys(kinds).join(', ')}`);
    const rules = (kinds as Record<string, Rules>)[kind];
    check(
      `recipe.${key}`,
      recipe[key],
      rules,
      key === 'schedule' ? ['learningRate'] : kind === 'sgd' ? ['momentum'] : [],
      ['kind'],
    );
  }
  check('recipe.augmentation', recipe.augmentation, AUGMENTATION, Object.keys(AUGMENTATION), []);
  const perChannel = (one: Rule): Rule =>
    rule(
      (v) => Array.isArray(v) && v.length === channels && v.every(one.accepts),
      `${channels} values, one for each channel`,
    );
  const normalization: Rules = { mean: perChannel(rule(isNumber, '')), std: perChannel(POSITIVE) };
  check('recipe.normalization', recipe.normalization, normalization, ['mean', 'std'], []);
  return recipe;
}

/** Fills in what a user left out; a change of kind does not inherit the options of another kind. */
export function completeRecipe(given: PartialRecipe, normalization: Recipe['normalization']): Recipe {
  const base = { ...DEFAULT_RECIPE, normalization };
  return {
    ...base,
    ...given,
    optimizer: sameKind(base.optimizer, given.optimizer),
    schedule: sameKind(base.schedule, given.schedule),
    augmentation: { ...base.augmentation, ...given.augmentation },
    normalization: { ...normalization, ...given.normalization },
  };
}

function sameKind<T extends { kind: string }>(inherited: T, own: Partial<T> = {}): T {
  return { ...(own.kind === undefined || own.kind === inherited.kind ? inherited : {}), ...own } as T;
}
