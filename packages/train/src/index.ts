/** Training tf.layers models: deterministic, resumable bit for bit. What needs Node is in '@hetconv/train/node'. */
export { evaluateModel, type EvaluateOptions, type Evaluation } from './loop/evaluate.ts';
export { trainModel } from './loop/train-model.ts';
export type { CheckpointStore, LogEntry, Progress, TrainingLog, TrainingResult, TrainOptions } from './loop/options.ts';
export { checkRecipe, completeRecipe, type PartialRecipe } from './recipe/check.ts';
export { type Augmentation, DEFAULT_RECIPE, type Normalization, type Recipe } from './recipe/recipe.ts';
export type { OptimizerSpec } from './recipe/optimizer-spec.ts';
export { learningRateAt, type ScheduleSpec } from './recipe/schedule.ts';
export { type ImageSource, memorySource } from './data/source.ts';
export type { Batch, BatchRecipe, BatchRequest, DataSplits } from './data/batches.ts';
export { type BatchLoader, inlineLoader } from './data/loader.ts';
export { differencesBetween, type TrainingData } from './state/identity.ts';
export type { Checkpoint, NamedTensor, TrainingIdentity, TrainingProgress } from './state/checkpoint.ts';
export { descriptionOf, stampModel, stampOf, type TrainingStamp } from './state/stamp.ts';
export { DivergedError, TrainingError, type TrainingErrorCode } from './errors.ts';
