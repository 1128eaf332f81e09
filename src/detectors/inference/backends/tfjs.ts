import type { GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import type { io, Tensor as TfTensor } from '@tensorflow/tfjs-core';
import type { InferenceBackend, Tensors } from '../../../core/inference.js';
import type { Graph } from '../graph.js';
import type { NetworkEntry } from '../manifest.js';
import { checkInputs } from './checkInputs.js';

/** What a TFJS runtime (wasm or node) has to offer: its own copies of the library's functions. */
export interface TfjsRuntime {
  name: 'tfjs-wasm' | 'tfjs-node';
  io: Pick<typeof io, 'fromMemory'>;
  loadGraphModel: typeof loadGraphModel;
  tensor(values: Float32Array | Int32Array, shape: number[], dtype: 'float32' | 'int32'): TfTensor;
}

/** A network in TensorFlow.js. */
export async function tfjsBackend(runtime: TfjsRuntime, graph: Graph, entry: NetworkEntry): Promise<InferenceBackend> {
  const model = await runtime.loadGraphModel(
    runtime.io.fromMemory({
      modelTopology: graph.topology,
      weightSpecs: graph.weightSpecs,
      weightData: graph.weightData.slice().buffer,
    }),
  );
  const names = entry.outputs.map((output) => output.name);
  const isInteger = model.inputs[0]?.dtype === 'int32';
  return {
    name: runtime.name,
    async run(inputs) {
      const { data, shape } = checkInputs(inputs, entry);
      const values = isInteger ? Int32Array.from(data) : Float32Array.from(data);
      const tensor = runtime.tensor(values, [...shape], isInteger ? 'int32' : 'float32');
      try {
        return await execute(model, tensor, entry.input.name, names);
      } finally {
        tensor.dispose();
      }
    },
    async close() {
      model.dispose();
    },
  };
}

async function execute(model: GraphModel, input: TfTensor, inputName: string, names: string[]): Promise<Tensors> {
  const result = model.execute({ [inputName]: input }, names);
  const tensors = Array.isArray(result) ? result : [result];
  try {
    const entries = tensors.map(async (tensor, i) => {
      const data = (await tensor.data()) as Float32Array;
      return [names[i]!, { shape: tensor.shape, data }] as const;
    });
    return Object.fromEntries(await Promise.all(entries));
  } finally {
    for (const tensor of tensors) tensor.dispose();
  }
}
