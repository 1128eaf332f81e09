import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeOnnx, type OnnxConstant, type OnnxGraph } from '../../src/detectors/inference/onnx/model.js';
import { installFolder } from '../../src/detectors/speech/models/install.js';
import { readSpeechManifest, type SpeechNetwork } from '../../src/detectors/speech/models/speechManifest.js';

/**
 * Small networks with the tensors and metadata of the two that work on transcripts after a session. The punctuation network
 * puts a comma after 家 and a question mark after 吗; the voice network gives the mean of each mel band, so that sounds of
 * another colour are other voices. They show the path, never accuracy.
 */
const MARKS = ['<unk>', '_', '，', '。', '？', '、'];
const TOKENS = ['<unk>', '家', '吗'];
const MEL_BANDS = 80;

const floats = (name: string, shape: number[], values: ArrayLike<number>): OnnxConstant => ({
  ...{ name, type: 'float32', shape },
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});

function punctuation(): OnnxGraph {
  const row = (mark: string): number[] => MARKS.map((one) => (one === mark ? 5 : 0));
  const table = [row('_'), row('，'), row('？')].flat();
  return {
    name: 'punctuation',
    nodes: [{ opType: 'Gather', inputs: ['table', 'inputs'], outputs: ['logits'], attributes: { axis: { int: 0 } } }],
    constants: [floats('table', [TOKENS.length, MARKS.length], table)],
    inputs: [
      { name: 'inputs', type: 'int32', shape: [1, -1] },
      { name: 'text_lengths', type: 'int32', shape: [1] },
    ],
    outputs: [{ name: 'logits', type: 'float32', shape: [1, -1, MARKS.length] }],
    metadata: {
      ...{ model_type: 'ct_transformer', tokens: TOKENS.join('|'), vocab_size: String(TOKENS.length) },
      ...{ punctuations: MARKS.join('|'), unk_symbol: '<unk>', comment: 'built for tests' },
    },
  };
}

function voice(): OnnxGraph {
  return {
    name: 'voice',
    nodes: [
      {
        opType: 'ReduceMean',
        inputs: ['x'],
        outputs: ['bands'],
        attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
      },
      {
        opType: 'ReduceMean',
        inputs: ['bands'],
        outputs: ['level'],
        attributes: { axes: { ints: [1] }, keepdims: { int: 1 } },
      },
      // The colour of a voice without its loudness.
      { opType: 'Sub', inputs: ['bands', 'level'], outputs: ['embedding'], attributes: {} },
    ],
    constants: [],
    inputs: [{ name: 'x', type: 'float32', shape: [1, -1, MEL_BANDS] }],
    outputs: [{ name: 'embedding', type: 'float32', shape: [1, MEL_BANDS] }],
    metadata: {
      ...{ framework: '3d-speaker', language: 'Chinese', url: '', comment: 'built for tests' },
      ...{ output_dim: String(MEL_BANDS), sample_rate: '16000', normalize_samples: '1', feature_normalize_type: '' },
    },
  };
}

/** The two networks of the manifest without the hashes of the real files: built ones are pinned by what was recorded. */
export const afterNetworks = (): SpeechNetwork[] =>
  readSpeechManifest()
    .filter(({ role }) => role === 'punctuation' || role === 'speakers')
    .map((network) => ({ ...network, files: network.files.map(({ path }) => ({ path })) }));

/** Builds both networks, or those of the roles, below `root`, and records them as `models import` does. */
export async function recordAfterNetworks(
  root: string,
  roles: readonly SpeechNetwork['role'][] = ['punctuation', 'speakers'],
): Promise<void> {
  const source = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  try {
    for (const network of afterNetworks().filter(({ role }) => roles.includes(role))) {
      const folder = join(source, network.name);
      mkdirSync(folder);
      const graph = network.role === 'punctuation' ? punctuation() : voice();
      writeFileSync(join(folder, network.files[0]!.path), encodeOnnx(graph, 'hallwatch-test'));
      await installFolder(root, network, folder);
    }
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}
