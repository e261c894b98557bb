/** Names under which the kernels stand in tfjs's registry; shapes as in `kernels.ts`. */
export const HET_CONV_2D = 'HetConv2D';
export const FUSED_HET_CONV_2D = 'FusedHetConv2D';
export const INPUT_GRADIENT = 'HetConv2DBackpropInput';
export const POINTWISE_GRADIENT = 'HetConv2DBackpropPointwise';
export const SPATIAL_GRADIENT = 'HetConv2DBackpropSpatial';
