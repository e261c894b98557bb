/** Fans of weight tensors, as tf.layers reads them off a shape. */

/** Weights that meet in one output, and weights that one input feeds. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The fans that tf.layers reads off a shape `[...window, in, out]`. */
export function fansOfShape(shape: readonly number[]): Fans {
  if (shape.length < 2) {
    const side = Math.sqrt(shape.reduce((product, size) => product * size, 1));
    return { fanIn: side, fanOut: side };
  }
  const window = shape.slice(0, -2).reduce((product, size) => product * size, 1);
  const [inputs, outputs] = shape.slice(-2);
  return { fanIn: window * inputs, fanOut: window * outputs };
}
