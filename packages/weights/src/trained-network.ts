/** What is known of trained weights before a byte of them is read. */

export interface TrainedNetwork {
  /** Its folder below `trained/`: the data set, then network, kind and P. */
  readonly id: string;
  /** Name in the zoo, e.g. 'resnet20-cifar'. */
  readonly model: string;
  /** Kind of convolution, e.g. 'hetconv', 'standard'. */
  readonly kind: string;
  /** P, or the groups of a grouped kind, as asked for in the training; 'none' for a kind that has none. */
  readonly part: number | 'channels' | 'none';
  /** The data set it was trained on, e.g. 'cifar10'. */
  readonly dataset: string;
  readonly seed: number;
  readonly epochs: number;
  /** Fraction of the test images that it gets right, 0 to 1, after the last epoch: not that of the best epoch. */
  readonly accuracy: number;
  readonly testImages: number;
  /** Of the file of weights. */
  readonly bytes: number;
  /**
   * What gives the same bits again on the same kind of machine. FOLDER stands for where the data lie, recipe.json for the
   * one beside the weights.
   */
  readonly command: string;
}
