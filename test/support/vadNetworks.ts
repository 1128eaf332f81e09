import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOnnx, type OnnxConstant, type OnnxGraph } from '../../src/detectors/inference/onnx/model.js';
import { installFolder } from '../../src/detectors/speech/models/install.js';
import { readSpeechManifest, type SpeechNetwork } from '../../src/detectors/speech/models/speechManifest.js';

const scalar = (name: string, value: number): OnnxConstant => ({
  ...{ name, type: 'float32', shape: [] },
  bytes: new Uint8Array(Float32Array.of(value).buffer),
});

/** Silero's inputs, states and outputs; its probability of speech is ten times the mean level, 1 at most. */
function silero(): OnnxGraph {
  const one = (opType: string, inputs: string[], output: string, attributes = {}) => ({
    ...{ opType, inputs, outputs: [output], attributes },
  });
  return {
    name: 'silero',
    nodes: [
      one('Abs', ['input'], 'size'),
      one('ReduceMean', ['size'], 'level', { axes: { ints: [1] }, keepdims: { int: 1 } }),
      one('Mul', ['level', 'ten'], 'raised'),
      one('Clip', ['raised', 'zero', 'one'], 'output'),
      one('Identity', ['h'], 'hn'),
      one('Identity', ['c'], 'cn'),
    ],
    constants: [scalar('ten', 10), scalar('zero', 0), scalar('one', 1)],
    inputs: [
      { name: 'input', type: 'float32' },
      { name: 'sr', type: 'int64' },
      { name: 'h', type: 'float32' },
      { name: 'c', type: 'float32' },
    ],
    outputs: ['output', 'hn', 'cn'].map((name) => ({ name, type: 'float32' as const })),
  };
}

/** The network of a role, without the hashes of the real files. */
const network = (role: SpeechNetwork['role']): SpeechNetwork => {
  const found = readSpeechManifest().find((one) => one.role === role)!;
  return { ...found, files: found.files.map(({ path }) => ({ path })) };
};

/**
 * In place of SenseVoice below `root`: the streaming recogniser (the built keyword network once more: it reads its tokens
 * whenever it is loud) and Silero.
 */
export async function recordStreamingNetworks(root: string): Promise<void> {
  rmSync(join(root, network('recognition').name), { recursive: true, force: true });
  const source = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  try {
    const keywords = network('keywords');
    const streaming = network('streaming-recognition');
    mkdirSync(join(source, streaming.name));
    for (const { path } of streaming.files) {
      const like = keywords.files.find((one) => one.path.startsWith(path.split('.')[0]!))!;
      copyFileSync(join(root, keywords.name, like.path), join(source, streaming.name, path));
    }
    await installFolder(root, streaming, join(source, streaming.name));
    const vad = network('voice-activity');
    mkdirSync(join(source, vad.name));
    writeFileSync(join(source, vad.name, vad.files[0]!.path), encodeOnnx(silero(), 'hallwatch-test'));
    await installFolder(root, vad, join(source, vad.name));
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}
