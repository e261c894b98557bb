/** The options of `tf.layers.conv2d` and the types behind them, which tfjs-layers does not export by name. */
import type { layers } from '@tensorflow/tfjs-layers';

/** The options of `tf.layers.conv2d`. */
export type Conv2DArgs = Parameters<typeof layers.conv2d>[0];

/** A stock 2-D convolution layer. */
export type StockConv2D = ReturnType<typeof layers.conv2d>;

export type Activation = StockConv2D['activation'];
export type Initializer = NonNullable<StockConv2D['kernelInitializer']>;
export type Constraint = NonNullable<StockConv2D['kernelConstraint']>;
export type Regularizer = NonNullable<StockConv2D['kernelRegularizer']>;
export type LayerVariable = layers.Layer['weights'][number];

/** An initialiser, or its name as tf.layers knows it. */
export type InitializerLike = NonNullable<Conv2DArgs['kernelInitializer']>;
