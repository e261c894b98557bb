/** What `trainModel` is given, what it tells, and what it returns. */
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { BatchLoader } from '../data/loader.ts';
import type { Recipe } from '../recipe/recipe.ts';
import type { Checkpoint, TrainingProgress } from '../state/checkpoint.ts';
import type { TrainingData } from '../state/identity.ts';

/** Where checkpoints go. A save that fails must leave what was saved before. */
export interface CheckpointStore {
  save(checkpoint: Checkpoint, kind: 'last' | 'best'): Promise<void>;
}

/** Where lines of figures go. */
export interface TrainingLog {
  /** Bytes so far. */
  readonly bytes: number;
  append(entry: LogEntry): Promise<void>;
}

/** Figures of an epoch. */
export interface LogEntry {
  /** From 1. */
  readonly epoch: number;
  /** Steps done in all. */
  readonly step: number;
  readonly learningRate: number;
  /** Means over the training images of the epoch, augmented, each as it was when its step came. */
  readonly loss: number;
  readonly accuracy: number;
  readonly testLoss: number;
  readonly testAccuracy: number;
  /** Spent in all. */
  readonly seconds: number;
}

/** What is told while it runs. */
export interface Progress {
  readonly stage: 'train' | 'test';
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Steps of this stage that are done. */
  readonly step: number;
  readonly steps: number;
  /** Over the epoch so far. */
  readonly loss: number;
  readonly accuracy: number;
  readonly imagesPerSecond: number;
  /** Until the whole training is done, tests included; undefined before there is anything to go by. */
  readonly secondsLeft: number | undefined;
}

export interface TrainOptions {
  /** A classifier; trained in place. */
  readonly model: LayersModel;
  readonly data: TrainingData;
  readonly recipe: Recipe;
  /** Default: batches are made in this thread. The caller closes it. */
  readonly loader?: BatchLoader;
  /** Batches made ahead. Default 3. */
  readonly prefetch?: number;
  readonly checkpoints?: CheckpointStore;
  /** Seconds between checkpoints inside an epoch. Default 120; there is one after every epoch in any case. */
  readonly checkpointSeconds?: number;
  readonly log?: TrainingLog;
  /** Go on from here. The log must have been cut to the checkpoint's `logBytes`. */
  readonly resume?: Checkpoint;
  readonly onProgress?: (progress: Progress) => void;
  /** After each epoch, its line logged and before its checkpoint. */
  readonly onEpoch?: (entry: LogEntry) => void | Promise<void>;
  /** Aborting writes a checkpoint after the step under way and returns. */
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly status: 'done' | 'interrupted';
  readonly progress: TrainingProgress;
  /** Of the last epoch that was finished in this call. */
  readonly last: LogEntry | undefined;
}
