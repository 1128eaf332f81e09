/** A dense tensor. `data.length` equals the product of `shape`. */
export interface Tensor {
  shape: readonly number[];
  data: Float32Array | Int32Array | Uint8Array;
}

/** Tensors by name, as the model manifest names them. */
export type Tensors = Record<string, Tensor>;

/** One loaded network. `run` may be called again only after it settled; a pool serialises. */
export interface InferenceBackend {
  /** `onnxruntime`, `tfjs-wasm` or `tfjs-node`. */
  name: string;
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}
