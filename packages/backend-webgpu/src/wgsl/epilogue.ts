/**
 * goal = activation(sum + bias). NaN passes through: comparisons, not min and max, which may drop it; and past exp, of which
 * SwiftShader makes a number.
 */
import type { Activation } from '@hetconv/core';
import type { EpilogueText, Lanes } from './shape.ts';

const ZERO = 'vec4<f32>(0.0)';

const ACTIVATED: Readonly<Record<Activation, string>> = {
  linear: 'v',
  relu: `select(v, ${ZERO}, v < ${ZERO})`,
  relu6: `select(select(v, ${ZERO}, v < ${ZERO}), vec4<f32>(6.0), v > vec4<f32>(6.0))`,
  prelu: `select(v, v * slopesHere, v < ${ZERO})`,
  leakyrelu: `select(v, v * uniforms.slope, v < ${ZERO})`,
  elu: `select(v, exp(v) - 1.0, v < ${ZERO})`,
  sigmoid: 'select(1.0 / (1.0 + exp(-v)), v, isnanVec4(v))', // isnanVec4: of tfjs, a test of bits
};

/** `store(position, c, sum)`: writes goal channels c..c+3 of a position, as far as they exist. */
export function storeText(lanes: Lanes, { hasBias, activation }: EpilogueText): string {
  const read = (buffer: string): string =>
    lanes === 'vec4'
      ? `${buffer}[c >> 2u]`
      : `vec4<f32>(${[0, 1, 2, 3].map((i) => `${buffer}[min(c + ${i}, uniforms.goalSize.w - 1)]`).join(', ')})`;
  const write =
    lanes === 'vec4'
      ? 'result[(position * uniforms.goalSize.w + c) >> 2u] = value;'
      : [0, 1, 2, 3]
          .map(
            (i) =>
              `if (c + ${i} < uniforms.goalSize.w) { result[position * uniforms.goalSize.w + c + ${i}] = value[${i}]; }`,
          )
          .join('\n');
  return `
    fn store(position : i32, c : i32, sum : vec4<f32>) {
      if (position >= positionCount() || c >= uniforms.goalSize.w) { return; }
      let v = sum${hasBias ? ` + ${read('bias')}` : ''};
      ${activation === 'prelu' ? `let slopesHere = ${read('slopes')};` : ''}
      let value = ${ACTIVATED[activation]};
      ${write}
    }`;
}
