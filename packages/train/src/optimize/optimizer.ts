/** What the loop asks of an optimiser: a step, and a state that can be saved and put back. */
import { type Tensor, tidy, variable, type Variable, zeros } from '@tensorflow/tfjs-core';

/** A weight that is trained. */
export interface Parameter {
  /** Of the weight, unique in its model: `conv1/kernel`. */
  readonly name: string;
  readonly variable: Variable;
  /** Whether weight decay acts on it. */
  readonly isDecayed: boolean;
}

export interface StepSize {
  readonly learningRate: number;
  /** Steps done before this one, over the whole training. */
  readonly step: number;
}

export interface Optimizer {
  /** Names of the tensors that it keeps for each parameter, e.g. `momentum`. */
  readonly slots: readonly string[];
  /** Their values, by slot and then in the order of the parameters. Zero at first. */
  readonly state: Readonly<Record<string, readonly Variable[]>>;
  /** Changes the parameters and the state. Gradients in the order of the parameters; the caller disposes of them. */
  apply(gradients: readonly Tensor[], size: StepSize): void;
  dispose(): void;
}

/** A zero for every entry of every parameter. Not tracked by the tape. */
export function zeroSlot(parameters: readonly Parameter[]): Variable[] {
  return tidy(() => parameters.map(({ variable: weight }) => variable(zeros(weight.shape), false)));
}
