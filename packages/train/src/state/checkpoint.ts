/** Everything that a training is at one moment: what it takes to go on as if nothing had happened. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Tensor, tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { TrainingError } from '../errors.ts';
import type { Tally } from '../loop/cross-entropy.ts';
import type { Optimizer, Parameter } from '../optimize/optimizer.ts';
import type { Recipe } from '../recipe/recipe.ts';
import { namedWeights } from './named-weights.ts';

/** What a checkpoint belongs to. A training goes on only from a checkpoint of its own identity. */
export interface TrainingIdentity {
  readonly recipe: Recipe;
  readonly model: {
    /** As the zoo writes it into its models: name, kind, P, seed. */
    readonly metadata: Readonly<Record<string, unknown>>;
    /** Shape by name. */
    readonly weights: Readonly<Record<string, readonly (number | null)[]>>;
  };
  readonly data: {
    readonly name: string;
    readonly classes: readonly string[];
    readonly train: number;
    readonly test: number;
    /** SHA-256 of all labels in order, training and then test. */
    readonly labels: string;
  };
}

/** How far a training is. */
export interface TrainingProgress {
  /** From 0; `epochs` of the recipe once it is done. */
  readonly epoch: number;
  /** Of the next step in the epoch. When all are done the test images are still to be looked at. */
  readonly step: number;
  /** Of the training images of this epoch so far. */
  readonly tally: Readonly<Tally>;
  /** The best test accuracy so far, and the epoch (from 0) of it. */
  readonly best: { readonly epoch: number; readonly accuracy: number } | null;
  /** Spent so far, in all processes. */
  readonly seconds: number;
  /** Length of the log, in bytes. */
  readonly logBytes: number;
}

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface Checkpoint {
  readonly identity: TrainingIdentity;
  readonly progress: TrainingProgress;
  /** `weight/NAME` for every weight of the model, `SLOT/NAME` for the state of the optimiser. */
  readonly tensors: readonly NamedTensor[];
}

/** Every tensor of a training by its name in a checkpoint. */
export function stateTensors(
  model: LayersModel,
  parameters: readonly Parameter[],
  optimizer: Optimizer,
): { readonly name: string; readonly variable: Variable }[] {
  const weights = namedWeights(model).map(({ name, weight }) => ({
    name: `weight/${name}`,
    variable: weight.read() as Variable,
  }));
  const slots = optimizer.slots.flatMap((slot) =>
    parameters.map(({ name }, i) => ({ name: `${slot}/${name}`, variable: optimizer.state[slot][i] })),
  );
  return [...weights, ...slots];
}

/** Copies of the values. */
export async function readTensors(
  tensors: readonly { readonly name: string; readonly variable: Tensor }[],
): Promise<NamedTensor[]> {
  return Promise.all(
    tensors.map(async ({ name, variable }) => ({
      name,
      shape: variable.shape,
      values: Float32Array.from(await variable.data<'float32'>()),
    })),
  );
}

/** The name of the first tensor that holds a value that is no finite number. */
export function findNonFinite(tensors: readonly NamedTensor[]): string | undefined {
  return tensors.find(({ values }) => !values.every(Number.isFinite))?.name;
}

/** Puts values back. @throws TrainingError where one is missing or of another shape */
export function writeTensors(
  targets: readonly { readonly name: string; readonly variable: Variable }[],
  saved: readonly NamedTensor[],
): void {
  const byName = new Map(saved.map((one) => [one.name, one]));
  const pairs = targets.map(({ name, variable }) => {
    const found = byName.get(name);
    if (found === undefined || found.shape.join() !== variable.shape.join()) {
      const what = found === undefined ? 'is missing' : `has shape [${found.shape.join(', ')}]`;
      const message = `The checkpoint does not fit: ${name} ${what}, expected [${variable.shape.join(', ')}].`;
      throw new TrainingError('foreign-checkpoint', message);
    }
    return { variable, found };
  });
  tidy(() => pairs.forEach(({ variable, found }) => variable.assign(tensor(found.values, variable.shape))));
}
