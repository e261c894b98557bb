/**
 * How a fragment program of ours is run through tfjs: inputs are packed textures, sizes are uniforms, and the source says
 * only what is done - tfjs compiles a program once for every different source.
 *
 * A packed texture holds 2 x 2 values of the last two axes in a texel: of an image, pixels (j, j+1) x channels (c, c+1) as
 * (j, c), (j, c+1), (j+1, c), (j+1, c+1). Here a texel's address is (row, pair): `pair` counts pairs of the last axis, `row`
 * everything in front of it. How tfjs has folded that into width and height of the texture stays in this file.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type GPGPUProgram, type MathBackendWebGL, webgl_util } from '@tensorflow/tfjs-backend-webgl';
import { OutOfMemoryError } from '@hetconv/core';

/** Integers by name; 2 to 4 of them make an ivec. */
export type Uniforms = Readonly<Record<string, number | readonly number[]>>;

export interface Run {
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputShape: readonly number[];
  readonly uniforms: Uniforms;
  /** Floats by name. */
  readonly floats?: Readonly<Record<string, number>>;
  /**
   * GLSL after the accessors. It defines `vec4 compute(int row, int pair)`, the output texel of that address. For every input
   * `x` it may call `xAt(row, pair)`; `xPairs` and `outputPairs` are the lengths of the last axes in pairs.
   */
  readonly source: string;
}

/** Runs a program; the result is a fresh packed tensor. Empty results are not computed. */
export function run(
  backend: MathBackendWebGL,
  { inputs, outputShape, uniforms, floats = {}, source }: Run,
): TensorInfo {
  if (outputShape.includes(0)) return backend.makeTensorInfo([...outputShape], 'float32', new Float32Array(0));
  requireTexture('the result', outputShape);
  const names = Object.keys(inputs);
  const resident = names.map((name) => makeResident(backend, name, inputs[name]));
  const integers: Uniforms = {
    ...Object.fromEntries(names.map((name) => [`${name}Pairs`, pairsOf(inputs[name].shape)])),
    outputPairs: pairsOf(outputShape),
    ...uniforms,
  };
  const scales = resident.flatMap(({ scale }, i) => (scale === undefined ? [] : [{ name: `${names[i]}Scale`, scale }]));
  const program: GPGPUProgram = {
    variableNames: names,
    outputShape: [...outputShape],
    packedInputs: true,
    packedOutput: true,
    enableShapeUniforms: true,
    customUniforms: [
      ...Object.entries(integers).map(([name, value]) => ({ name, type: integerType(value) })),
      ...Object.keys(floats).map((name) => ({ name, type: 'float' as const })),
      ...scales.map(({ name }) => ({ name, type: 'vec2' as const })),
    ],
    userCode: [
      ADDRESSES,
      ...names.map((name, i) => accessor(name, resident[i].scale !== undefined)),
      source,
      main(columnsOf(textureShapeOf(outputShape)) === pairsOf(outputShape)),
    ].join('\n'),
  };
  const values = [...Object.values(integers), ...Object.values(floats), ...scales.map(({ scale }) => scale)].map(
    (value) => [value].flat(),
  );
  try {
    return backend.runWebGLProgram(
      program,
      resident.map(({ info }) => info),
      'float32',
      values,
    );
  } finally {
    for (const { info, isOurs } of resident) if (isOurs) backend.disposeIntermediateTensorInfo(info);
  }
}

/** Half of the last axis, rounded up. */
export function pairsOf(shape: readonly number[]): number {
  return Math.ceil((shape.at(-1) ?? 1) / 2);
}

/**
 * Arithmetic of addresses. Quotients are taken in float, exact while a < 2^20, which sides of textures and channels are: no GPU
 * divides integers in hardware, and software rasterisers do it lane by lane.
 */
const ADDRESSES = `
int pairOf(int at) { return at >> 1; }
int pairsIn(int size) { return (size + 1) >> 1; }
bool isFirst(int at) { return (at & 1) == 0; }
int quotient(int a, int b) { return int((float(a) + 0.5) / float(b)); }
int remainder(int a, int b) { return a - quotient(a, b) * b; }`;

/** Straight: a row of texels is a row of the texture, as nearly always. Otherwise an address costs a division. */
function main(isStraight: boolean): string {
  const address = isStraight
    ? 'int row = at.y, pair = at.x;'
    : `int index = at.y * (pairsIn(outTexShape[1])) + at.x;
  int row = index / outputPairs, pair = index - row * outputPairs;`;
  return `
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  ${address}
  setOutput(compute(row, pair));
}`;
}

/**
 * Beside `xAt`, for inner loops: a Point_x is an address ready for use, `x_point(row, pair)` makes it, `x_down` and `x_right` lead to the
 * next row and pair, `x_texel(point)` reads. texture(), not texelFetch(): software rasterisers check the bounds of the latter.
 */
function accessor(name: string, isStraight: boolean): string {
  const at = `vec4 ${name}At(int row, int pair) { return ${name}_texel(${name}_point(row, pair)); }`;
  if (isStraight) {
    return `
#define Point_${name} vec2
#define ${name}_right vec2(${name}Scale.x, 0.0)
#define ${name}_down vec2(0.0, ${name}Scale.y)
vec2 ${name}_point(int row, int pair) { return (vec2(pair, row) + 0.5) * ${name}Scale; }
vec4 ${name}_texel(vec2 point) { return texture(${name}, point); }
${at}`;
  }
  return `
#define Point_${name} ivec2
#define ${name}_right ivec2(1, 0)
#define ${name}_down ivec2(0, 1)
ivec2 ${name}_point(int row, int pair) { return ivec2(pair, row); }
vec4 ${name}_texel(ivec2 point) {
  int columns = pairsIn(${name}TexShape[1]);
  int index = point.y * ${name}Pairs + point.x;
  int y = index / columns;
  return texelFetch(${name}, ivec2(index - y * columns, y), 0);
}
${at}`;
}

function integerType(value: number | readonly number[]): 'int' | 'ivec2' | 'ivec3' | 'ivec4' {
  const length = [value].flat().length;
  return length === 2 ? 'ivec2' : length === 3 ? 'ivec3' : length === 4 ? 'ivec4' : 'int';
}

interface Resident {
  readonly info: TensorInfo;
  /** 1 / [columns, rows] of a texture that is straight. */
  readonly scale: readonly [number, number] | undefined;
  /** Made here, to be freed after the run. */
  readonly isOurs: boolean;
}

/** Brings a tensor into a packed texture ahead of the run: the texture's shape decides how it is addressed. */
function makeResident(backend: MathBackendWebGL, name: string, info: TensorInfo): Resident {
  requireTexture(name, info.shape);
  const data = backend.getDataInfo(info.dataId);
  if (data.texture == null) {
    data.isPacked = true;
    data.shape = info.shape;
    backend.uploadToGPU(info.dataId);
  }
  if (data.isPacked) {
    const isSame = webgl_util.isReshapeFree(data.shape, info.shape);
    return { info, scale: isSame ? straightScale(data.texShape, info.shape) : undefined, isOurs: false };
  }
  const packed = backend.packTensor(info);
  return { info: packed, scale: straightScale(backend.getDataInfo(packed.dataId).texShape, info.shape), isOurs: true };
}

type TextureShape = readonly [rows: number, columns: number];

/** tfjs counts values; a texel has 2 of them each way. */
function columnsOf(textureShape: TextureShape): number {
  return Math.ceil(textureShape[1] / 2);
}

function straightScale(textureShape: TextureShape | null | undefined, shape: readonly number[]): Resident['scale'] {
  if (textureShape == null || columnsOf(textureShape) !== pairsOf(shape)) return undefined;
  return [1 / columnsOf(textureShape), 1 / Math.ceil(textureShape[0] / 2)];
}

function textureShapeOf(shape: readonly number[]): TextureShape {
  return webgl_util.getTextureShapeFromLogicalShape([...shape], true);
}

/** @throws OutOfMemoryError where a tensor is larger than any texture of this device */
function requireTexture(name: string, shape: readonly number[]): void {
  const [rows, columns] = textureShapeOf(shape).map((side) => Math.ceil(side / 2));
  const limit = webgl_util.getWebGLMaxTextureSize(2);
  if (rows <= limit && columns <= limit) return;
  const needed = `it needs a texture of ${columns} x ${rows}, and this device has at most ${limit} x ${limit}`;
  const bytes = shape.reduce((product, side) => product * side, 4);
  throw new OutOfMemoryError('webgl', `${name} of shape [${shape.join(', ')}] (${needed})`, bytes);
}
