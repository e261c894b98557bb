/** The training loop: epochs, checkpoints, figures. Everything random in it is a function of (seed, epoch, index). */
import { fuseBatchNormalization } from '@hetconv/layers';
import type { BatchRequest } from '../data/batches.ts';
import { stepsPerEpoch, testSteps } from '../data/batches.ts';
import { type BatchLoader, inlineLoader, prefetch } from '../data/loader.ts';
import { DivergedError } from '../errors.ts';
import { createOptimizer, parametersOf } from '../optimize/create.ts';
import { checkRecipe } from '../recipe/check.ts';
import { learningRateAt } from '../recipe/schedule.ts';
import {
  type Checkpoint,
  findNonFinite,
  readTensors,
  stateTensors,
  type TrainingIdentity,
  type TrainingProgress,
  writeTensors,
} from '../state/checkpoint.ts';
import { identityOf, requireSame } from '../state/identity.ts';
import { addToTally, emptyTally, type Tally } from './cross-entropy.ts';
import { Clock } from './clock.ts';
import { classifierOf } from './head.ts';
import { nextTurn } from './next-turn.ts';
import type { LogEntry, TrainingResult, TrainOptions } from './options.ts';
import { checkShape, type StepContext, testStep, trainStep } from './step.ts';

/**
 * Trains a classifier in place. The same model, data, recipe and backend give the same weights bit for bit, interrupted
 * and resumed or not, wherever the batches are made.
 *
 * ```ts
 * const result = await trainModel({ model, data: { name: 'mine', classes, train, test }, recipe });
 * ```
 *
 * @throws InvalidArgumentError; DivergedError when the loss is no number any more; TrainingError for a checkpoint of another
 *   training; whatever the loader, the checkpoints and the log throw
 */
export async function trainModel(options: TrainOptions): Promise<TrainingResult> {
  const { model, data, resume } = options;
  const recipe = checkRecipe('trainModel', options.recipe, data.train.shape[2]);
  checkShape('trainModel', model, data.train.shape);
  const classifier = classifierOf('trainModel', model, data.classes.length);
  const identity = await identityOf(model, data, recipe);
  if (resume !== undefined) requireSame(resume.identity, identity);
  fuseBatchNormalization(model);
  const parameters = parametersOf(model);
  const optimizer = createOptimizer(parameters, recipe);
  const loader = options.loader ?? inlineLoader(data, recipe);
  const context = {
    model,
    classifier,
    parameters,
    optimizer,
    shape: data.train.shape,
    labelSmoothing: recipe.labelSmoothing,
  };
  try {
    const training = new Training({ ...options, recipe }, identity, context, loader);
    if (resume !== undefined) training.restore(resume);
    return await training.run();
  } finally {
    optimizer.dispose();
  }
}

/** One call of `trainModel`. */
class Training {
  readonly #options: TrainOptions;
  readonly #identity: TrainingIdentity;
  readonly #context: StepContext;
  readonly #loader: BatchLoader;
  readonly #clock: Clock;
  /** Steps of an epoch, and batches of test images. */
  readonly #steps: number;
  readonly #testSteps: number;
  #epoch = 0;
  #step = 0;
  #tally: Tally = emptyTally();
  #best: TrainingProgress['best'] = null;
  #saved: { readonly epoch: number; readonly step: number } | undefined;
  #last: LogEntry | undefined;

  constructor(options: TrainOptions, identity: TrainingIdentity, context: StepContext, loader: BatchLoader) {
    const { recipe, data } = options;
    this.#options = options;
    this.#identity = identity;
    this.#context = context;
    this.#loader = loader;
    this.#steps = stepsPerEpoch(data.train.count, recipe.batch);
    this.#testSteps = testSteps(data.test.count, recipe.batch);
    this.#clock = new Clock(recipe.epochs, this.#steps, this.#testSteps);
  }

  restore({ progress, tensors }: Checkpoint): void {
    writeTensors(this.#tensors(), tensors);
    this.#epoch = progress.epoch;
    this.#step = progress.step;
    this.#tally = { ...progress.tally };
    this.#best = progress.best;
    this.#saved = { epoch: progress.epoch, step: progress.step };
    this.#clock.startFrom(progress.seconds);
  }

  async run(): Promise<TrainingResult> {
    const { epochs } = this.#options.recipe;
    while (this.#epoch < epochs) {
      if (!(await this.#trainEpoch())) return this.#result('interrupted');
      const tested = await this.#test();
      if (tested === undefined) return this.#result('interrupted');
      await this.#finishEpoch(tested);
    }
    return this.#result('done');
  }

  /** @returns false where it was interrupted */
  async #trainEpoch(): Promise<boolean> {
    const { recipe, signal, checkpointSeconds = 120 } = this.#options;
    const requests = Array.from({ length: this.#steps - this.#step }, (_, i): BatchRequest => {
      return { split: 'train', epoch: this.#epoch, step: this.#step + i };
    });
    this.#clock.begin('train');
    for await (const batch of prefetch(this.#loader, requests, this.#options.prefetch ?? 3)) {
      if (signal?.aborted === true) break;
      const size = { learningRate: this.#rate(), step: this.#stepsDone() };
      const logits = await trainStep(this.#context, batch, size);
      addToTally(this.#tally, logits, batch.labels, recipe.labelSmoothing);
      if (!Number.isFinite(this.#tally.loss)) throw this.#diverged(`the loss is ${this.#tally.loss}`);
      this.#step++;
      this.#clock.step(batch.labels.length);
      this.#report('train', this.#step, this.#steps, this.#tally);
      if (this.#clock.sinceSaved() >= checkpointSeconds) await this.#save('last');
      await nextTurn();
    }
    if (this.#step === this.#steps) return true;
    await this.#save('last');
    return false;
  }

  async #test(): Promise<Tally | undefined> {
    const tally = emptyTally();
    const requests = Array.from({ length: this.#testSteps }, (_, step): BatchRequest => ({ split: 'test', step }));
    this.#clock.begin('test');
    let step = 0;
    for await (const batch of prefetch(this.#loader, requests, this.#options.prefetch ?? 3)) {
      if (this.#options.signal?.aborted === true) break;
      addToTally(tally, await testStep(this.#context, batch), batch.labels, 0);
      step++;
      this.#clock.step(batch.labels.length);
      this.#report('test', step, this.#testSteps, tally);
      await nextTurn();
    }
    if (step === this.#testSteps) return tally;
    await this.#save('last');
    return undefined;
  }

  async #finishEpoch(tested: Tally): Promise<void> {
    const { log, onEpoch } = this.#options;
    const rate = learningRateAt(this.#options.recipe.schedule, this.#stepsDone() - 1, this.#totalSteps());
    const entry: LogEntry = {
      epoch: this.#epoch + 1,
      step: this.#stepsDone(),
      learningRate: rate,
      ...means(this.#tally),
      testLoss: means(tested).loss,
      testAccuracy: means(tested).accuracy,
      seconds: this.#clock.seconds(),
    };
    await log?.append(entry);
    this.#last = entry;
    const isBest = this.#best === null || entry.testAccuracy > this.#best.accuracy;
    if (isBest) this.#best = { epoch: this.#epoch, accuracy: entry.testAccuracy };
    this.#epoch++;
    this.#step = 0;
    this.#tally = emptyTally();
    await onEpoch?.(entry);
    // The best one first: cut short in between, the epoch is tested again and found to be the best again.
    if (isBest) await this.#save('best');
    await this.#save('last');
  }

  async #save(kind: 'last' | 'best'): Promise<void> {
    const { checkpoints } = this.#options;
    if (checkpoints === undefined) return;
    const tensors = await readTensors(this.#tensors());
    const broken = findNonFinite(tensors);
    if (broken !== undefined) throw this.#diverged(`${broken} holds values that are no finite numbers`);
    await checkpoints.save({ identity: this.#identity, progress: this.#progress(), tensors }, kind);
    if (kind === 'best') return;
    this.#saved = { epoch: this.#epoch, step: this.#step };
    this.#clock.markSaved();
  }

  #tensors(): ReturnType<typeof stateTensors> {
    return stateTensors(this.#context.model, this.#context.parameters, this.#context.optimizer);
  }

  #progress(): TrainingProgress {
    return {
      epoch: this.#epoch,
      step: this.#step,
      tally: { ...this.#tally },
      best: this.#best,
      seconds: this.#clock.seconds(),
      logBytes: this.#options.log?.bytes ?? 0,
    };
  }

  #result(status: TrainingResult['status']): TrainingResult {
    return { status, progress: this.#progress(), last: this.#last };
  }

  #report(stage: 'train' | 'test', step: number, steps: number, tally: Tally): void {
    const { onProgress, recipe } = this.#options;
    const speed = this.#clock.speed(this.#epoch, stage, step);
    onProgress?.({ stage, epoch: this.#epoch + 1, epochs: recipe.epochs, step, steps, ...means(tally), ...speed });
  }

  #diverged(found: string): DivergedError {
    const kept =
      this.#saved === undefined
        ? 'No checkpoint had been written.'
        : `The last checkpoint, from epoch ${this.#saved.epoch + 1} after ${this.#saved.step} steps, is as it was.`;
    return new DivergedError(this.#epoch, this.#step, found, `${kept} A lower learning rate, or a warm-up, helps.`);
  }

  #rate(): number {
    return learningRateAt(this.#options.recipe.schedule, this.#stepsDone(), this.#totalSteps());
  }

  #stepsDone(): number {
    return this.#epoch * this.#steps + this.#step;
  }

  #totalSteps(): number {
    return this.#options.recipe.epochs * this.#steps;
  }
}

function means({ loss, correct, images }: Tally): { readonly loss: number; readonly accuracy: number } {
  return { loss: loss / images, accuracy: correct / images };
}
