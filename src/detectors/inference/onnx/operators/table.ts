import type { GraphNode } from '../../graph.js';
import type { Builder, Value } from '../builder.js';
import { activation } from './activation.js';
import { convolution, depthwise, maxPool, pad, resizeBilinear } from './convolution.js';
import { binary, cast, multiply, squaredDifference, unary } from './elementwise.js';
import * as shaping from './shaping.js';

/** Turns one TensorFlow node into ONNX operators and gives its results. */
export type OperatorHandler = (builder: Builder, node: GraphNode) => Value[];

/** Every TensorFlow operator of the networks in the manifest. A new one is one line here. */
export const operators: Readonly<Record<string, OperatorHandler>> = {
  _FusedConv2D: convolution,
  Conv2D: convolution,
  FusedDepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNative: depthwise,
  MaxPool: maxPool,
  Pad: pad,
  ResizeBilinear: resizeBilinear,
  Relu: activation('Relu'),
  Relu6: activation('Relu6'),
  Sigmoid: unary('Sigmoid'),
  Sqrt: unary('Sqrt'),
  Add: binary('Add'),
  AddV2: binary('Add'),
  Sub: binary('Sub'),
  Mul: multiply,
  RealDiv: binary('Div'),
  // Both operands are grid indices, never negative: truncation is the floor.
  FloorDiv: binary('Div'),
  Minimum: binary('Min'),
  Maximum: binary('Max'),
  SquaredDifference: squaredDifference,
  Cast: cast,
  Mean: shaping.mean,
  ConcatV2: shaping.concat,
  Reshape: shaping.reshape,
  _FusedMatMul: shaping.fusedMatMul,
  Softmax: shaping.softmax,
  ExpandDims: shaping.expandDims,
  Squeeze: shaping.squeeze,
  Unpack: shaping.unpack,
  Pack: shaping.pack,
  ArgMax: shaping.argMax,
  GatherNd: shaping.gatherNd,
  Identity: shaping.identity,
};
