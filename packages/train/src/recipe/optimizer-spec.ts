/** Which optimiser, as data. */

export type OptimizerSpec =
  | {
      /** As torch.optim.SGD without dampening: v = momentum * v + g + weightDecay * w; w -= learningRate * v. */
      readonly kind: 'sgd';
      readonly momentum: number;
      /** w -= learningRate * (g + weightDecay * w + momentum * v) instead. Default false. */
      readonly nesterov?: boolean;
    }
  | {
      /** Kingma and Ba 2015 with decoupled decay (Loshchilov and Hutter 2019), as torch.optim.AdamW. */
      readonly kind: 'adam';
      /** Default 0.9. */
      readonly beta1?: number;
      /** Default 0.999. */
      readonly beta2?: number;
      /** Default 1e-8. */
      readonly epsilon?: number;
    };
