/** What training throws on purpose, beside the errors of core (arguments, backends) and of the data sets. */

export type TrainingErrorCode =
  /** The loss or a weight is no number any more. */
  | 'diverged'
  /** A checkpoint is damaged. */
  | 'corrupt-checkpoint'
  /** A checkpoint is of another training: recipe, model or data. */
  | 'foreign-checkpoint'
  /** Another process trains into the folder. */
  | 'folder-in-use';

export class TrainingError extends Error {
  readonly code: TrainingErrorCode;

  constructor(code: TrainingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Training has stopped: what it computes are no numbers any more. */
export class DivergedError extends TrainingError {
  /** Of the step that failed; both from 0. */
  readonly epoch: number;
  readonly step: number;

  constructor(epoch: number, step: number, found: string, advice: string) {
    super('diverged', `Training diverged in epoch ${epoch + 1}, step ${step + 1}: ${found}. ${advice}`);
    this.epoch = epoch;
    this.step = step;
  }
}
