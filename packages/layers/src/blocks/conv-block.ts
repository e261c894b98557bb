/**
 * One convolution of a network, of any kind: so that a model is written once and compared in all of them.
 *
 * The pairs (gwc-pwc, dwc-pwc) have nothing between their two convolutions unless told: the paper counts and compares
 * convolutions alone, and normalisation and activation belong to the network, after the block, the same for every kind.
 */
import { InvalidArgumentError } from '@hetconv/core';
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers';
import { dualConv2d } from '../layers/dual-conv2d.ts';
import { groupedConv2d } from '../layers/grouped-conv2d.ts';
import { hetConv2d } from '../layers/het-conv2d.ts';
import type { Conv2DArgs, InitializerLike } from '../layers/options.ts';
import { checkPart, type Part } from '../layers/part.ts';
import { checkConvKind, type ConvKind } from './conv-kind.ts';

/** The options of `tf.layers.conv2d`, the kind, and P. */
export interface ConvBlockArgs extends Omit<Conv2DArgs, 'kernelInitializer' | 'name'> {
  kind: ConvKind;
  /** P of a HetConv, G of the grouped kinds; the other kinds ignore it. Default 1. */
  part?: Part;
  /** Of the layer; a pair appends `_grouped` or `_depthwise`, and `_pointwise`. */
  name: string;
  /** An initialiser, or one for each layer name: so that every layer of a model has a seed of its own. */
  kernelInitializer?: InitializerLike | ((layerName: string) => InitializerLike);
  /** What stands between the two convolutions of a pair, told the name of the first; the other kinds ignore it. Default: nothing. */
  between?: (layerName: string) => readonly layers.Layer[];
}

/**
 * The layers of one block, in order. 1x1 convolutions are standard in every kind, as in the paper.
 * In a pair the first convolution has the window, strides and dilation, the second bias and activation.
 * Under 'valid' padding `pwc` keeps the border, its window being 1x1; under 'same' all kinds give the same shape.
 *
 * @throws InvalidArgumentError
 */
export function convLayers(inChannels: number, args: ConvBlockArgs): layers.Layer[] {
  const { kind: kindArg, part: partArg = 1, name, kernelInitializer, between = () => [], ...shared } = args;
  const kind = checkConvKind('convBlock', kindArg);
  const part = checkPart('convBlock', 'part', partArg);
  /** The arguments of a layer of that name. */
  const named = (layerName: string): Named => {
    const initializer = typeof kernelInitializer === 'function' ? kernelInitializer(layerName) : kernelInitializer;
    return { name: layerName, ...(initializer !== undefined && { kernelInitializer: initializer }) };
  };
  const { dilationRate: _, ...undilated } = shared;
  const pair = (suffix: string, groups: Part): layers.Layer[] => {
    const first = named(`${name}_${suffix}`);
    const [grouped, pointwise] = pairOf(inChannels, groups, shared, first, named(`${name}_pointwise`));
    return [grouped, ...between(first.name), pointwise];
  };
  const blocks: Record<ConvKind, () => layers.Layer[]> = {
    standard: () => [layers.conv2d({ ...shared, ...named(name) })],
    hetconv: () => [hetConv2d({ ...shared, ...named(name), part })],
    'gwc-pwc': () => pair('grouped', part),
    'dwc-pwc': () => pair('depthwise', 'channels'),
    pwc: () => [layers.conv2d({ ...undilated, ...named(name), kernelSize: 1 })],
    dualconv: () => [dualConv2d({ ...shared, ...named(name), groups: part })],
  };
  return blocks[isPointwise(shared.kernelSize) ? 'standard' : kind]();
}

/**
 * Applies one block.
 *
 * ```ts
 * y = convBlock(x, { kind: 'hetconv', part: 4, filters: 64, kernelSize: 3, padding: 'same', name: 'conv2' });
 * ```
 *
 * @throws InvalidArgumentError
 */
export function convBlock(x: SymbolicTensor, args: ConvBlockArgs): SymbolicTensor {
  const inChannels = x.shape[args.dataFormat === 'channelsFirst' ? 1 : 3];
  if (inChannels == null) throw new InvalidArgumentError('convBlock', 'x', { shape: x.shape }, 'of known channels');
  return convLayers(inChannels, args).reduce((y, layer) => layer.apply(y) as SymbolicTensor, x);
}

type Shared = Omit<Conv2DArgs, 'kernelInitializer' | 'name'>;
type Named = { name: string; kernelInitializer?: InitializerLike };

/**
 * A grouped convolution that keeps the channels, then a 1x1. The depthwise half is a grouped one, too: the stock layer
 * ignores dilationRate, takes M for 1 in its fan-in and saves its regulariser as a constraint (tfjs 4.22).
 */
function pairOf(
  inChannels: number,
  groups: Part,
  shared: Shared,
  first: Named,
  second: Named,
): [layers.Layer, layers.Layer] {
  const { filters, kernelSize, strides = 1, dilationRate = 1, activation, activityRegularizer, ...both } = shared;
  const { inputShape: _, batchInputShape: __, ...inner } = both;
  return [
    groupedConv2d({
      ...both,
      ...first,
      filters: inChannels,
      kernelSize,
      strides,
      dilationRate,
      groups,
      useBias: false,
    }),
    layers.conv2d({
      ...inner,
      ...second,
      filters,
      kernelSize: 1,
      ...(activation !== undefined && { activation }),
      ...(activityRegularizer !== undefined && { activityRegularizer }),
    }),
  ];
}

function isPointwise(kernelSize: number | number[]): boolean {
  return [kernelSize].flat().every((side) => side === 1);
}
