/** What a training is of, and where two trainings differ. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { DataSplits } from '../data/batches.ts';
import { TrainingError } from '../errors.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { TrainingIdentity } from './checkpoint.ts';
import { namedWeights } from './named-weights.ts';
import { descriptionOf } from './stamp.ts';

/** A data set as training takes it. */
export interface TrainingData extends DataSplits {
  /** For people and for resuming: `cifar10`, or the name of a folder. */
  readonly name: string;
  /** Names of the classes, in the order of the labels. */
  readonly classes: readonly string[];
}

export async function identityOf(model: LayersModel, data: TrainingData, recipe: Recipe): Promise<TrainingIdentity> {
  const labels = [...Array.from(data.train.labels), ...Array.from(data.test.labels)];
  const digest = await crypto.subtle.digest('SHA-256', Int32Array.from(labels));
  return {
    recipe,
    model: {
      metadata: descriptionOf(model),
      weights: Object.fromEntries(namedWeights(model).map(({ name, weight }) => [name, weight.shape])),
    },
    data: {
      name: data.name,
      classes: data.classes,
      train: data.train.count,
      test: data.test.count,
      labels: Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    },
  };
}

/** @throws TrainingError naming the first things that differ */
export function requireSame(saved: TrainingIdentity, current: TrainingIdentity): void {
  const found = differencesBetween(saved, current);
  if (found.length === 0) return;
  const more = found.length > 3 ? `; and ${found.length - 3} more` : '';
  throw new TrainingError(
    'foreign-checkpoint',
    `The checkpoint is of another training: ${found.slice(0, 3).join('; ')}${more}. ` +
      'Resume with what it was started with, or start anew in another folder.',
  );
}

/** Every key in which two descriptions differ: `recipe.epochs was 15, is 3`. As JSON: what is undefined is absent. */
export function differencesBetween(saved: unknown, current: unknown): string[] {
  return differences(plain(saved), plain(current), '');
}

/** As JSON keeps it: without what is undefined. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function differences(saved: unknown, current: unknown, path: string): string[] {
  if (isRecord(saved) && isRecord(current)) {
    const keys = new Set([...Object.keys(saved), ...Object.keys(current)]);
    return [...keys].flatMap((key) => differences(saved[key], current[key], path === '' ? key : `${path}.${key}`));
  }
  const [before, now] = [JSON.stringify(saved) ?? 'absent', JSON.stringify(current) ?? 'absent'];
  return before === now ? [] : [`${path} was ${shorten(before)}, is ${shorten(now)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
