/** What follows the sum, in the program that writes y: activation(sum + bias), lane by lane. NaN passes through. */
import type { Epilogue } from '@hetconv/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';

export interface EpilogueCode {
  /** Defines `vec4 finish(vec4 sum, int pair)`. */
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly floats: Readonly<Record<string, number>>;
}

/** Ternaries, not max() and min(): GLSL leaves open what those make of NaN; so it does for exp(). */
const ACTIVATIONS: Readonly<Record<Epilogue['activation'], string>> = {
  linear: 'return v;',
  relu: 'return v < 0.0 ? 0.0 : v;',
  relu6: 'return v < 0.0 ? 0.0 : v > 6.0 ? 6.0 : v;',
  prelu: 'return v < 0.0 ? v * slope : v;',
  leakyrelu: 'return v < 0.0 ? v * slope : v;',
  elu: 'return v < 0.0 ? exp(v) - 1.0 : v;',
  sigmoid: 'return v < 0.0 || v >= 0.0 ? 1.0 / (1.0 + exp(-v)) : v;',
};

export const NO_EPILOGUE: EpilogueCode = {
  source: 'vec4 finish(vec4 sum, int pair) { return sum; }',
  inputs: {},
  floats: {},
};

export function epilogueCode({ bias, activation, preluActivationWeights, leakyreluAlpha }: Epilogue): EpilogueCode {
  if (bias === undefined && activation === 'linear') return NO_EPILOGUE;
  const slopes =
    activation === 'prelu' ? 'slopesAt(0, pair).xyxy' : activation === 'leakyrelu' ? 'vec4(leakyreluAlpha)' : 'vec4(0)';
  const lanes = ['x', 'y', 'z', 'w'].map((lane) => `activated(v.${lane}, slopes.${lane})`);
  return {
    source: `
float activated(float v, float slope) { ${ACTIVATIONS[activation]} }
vec4 finish(vec4 sum, int pair) {
  vec4 v = ${bias === undefined ? 'sum' : 'sum + biasAt(0, pair).xyxy'};
  vec4 slopes = ${slopes};
  return vec4(${lanes.join(', ')});
}`,
    inputs: {
      ...(bias === undefined ? {} : { bias }),
      ...(activation === 'prelu' && preluActivationWeights ? { slopes: preluActivationWeights } : {}),
    },
    floats: activation === 'leakyrelu' ? { leakyreluAlpha } : {},
  };
}
