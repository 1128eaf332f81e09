import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeOnnx,
  type OnnxAttribute,
  type OnnxConstant,
  type OnnxGraph,
  type OnnxNode,
} from '../../src/detectors/inference/onnx/model.js';
import { installFolder } from '../../src/detectors/speech/models/install.js';
import { readSpeechManifest } from '../../src/detectors/speech/models/speechManifest.js';

/**
 * Small networks with the tensors and metadata of the real speech networks, to run the sherpa engine where those cannot be
 * downloaded. They hear nothing: the keyword network "hears" its one keyword whenever it is loud, the recogniser "reads"
 * one sentence in every segment. What they show is the path, never accuracy.
 */
interface BuiltNetworks {
  /** Tokens of the one keyword, in order. */
  keyword: readonly string[];
  /** Characters of the one sentence. */
  sentence: string;
}

const floats = (name: string, shape: number[], values: ArrayLike<number>): OnnxConstant => ({
  ...{ name, type: 'float32', shape },
  bytes: new Uint8Array(Float32Array.from(values).buffer),
});
const longs = (name: string, values: number[], shape = [values.length]): OnnxConstant => ({
  ...{ name, type: 'int64', shape },
  bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
});
const node = (
  opType: string,
  inputs: string[],
  output: string,
  attributes: Record<string, OnnxAttribute> = {},
): OnnxNode => ({ opType, inputs, outputs: [output], attributes });

/** One layer of the smallest zipformer2. */
const ZIPFORMER = { dim: 4, queryHead: 4, valueHead: 4, heads: 1, kernel: 3, left: 8, frames: 45, shift: 32 };

function encoder(): OnnxGraph {
  const { dim, queryHead, valueHead, heads, kernel, left, frames, shift } = ZIPFORMER;
  const states = [
    'cached_key_0',
    'cached_nonlin_attn_0',
    'cached_val1_0',
    'cached_val2_0',
    'cached_conv1_0',
    'cached_conv2_0',
    'embed_states',
  ];
  return {
    name: 'encoder',
    nodes: [
      node('Slice', ['x', 'from', 'to', 'axis'], 'part'),
      node('Reshape', ['part', 'steps'], 'grouped'),
      node('ReduceMean', ['grouped'], 'level', { axes: { ints: [2] }, keepdims: { int: 1 } }),
      // Mean log energy of the mel bands: about -15 in silence, above -8 in speech.
      node('Add', ['level', 'offset'], 'raised'),
      node('Clip', ['raised', 'zero', 'one'], 'encoder_out'),
      ...[...states, 'processed_lens'].map((state) => node('Identity', [state], `new_${state}`)),
    ],
    constants: [
      ...[longs('from', [0]), longs('to', [shift]), longs('axis', [1]), longs('steps', [-1, 8, 320])],
      ...[floats('offset', [], [7]), floats('zero', [], [0]), floats('one', [], [1])],
    ],
    inputs: [
      { name: 'x', type: 'float32' },
      ...states.map((name) => ({ name, type: 'float32' as const })),
      { name: 'processed_lens', type: 'int64' },
    ],
    outputs: [
      { name: 'encoder_out', type: 'float32' },
      ...states.map((name) => ({ name: `new_${name}`, type: 'float32' as const })),
      { name: 'new_processed_lens', type: 'int64' },
    ],
    metadata: {
      ...{ model_type: 'zipformer2', version: '1', model_author: 'k2-fsa', comment: 'built for tests' },
      ...{ T: String(frames), decode_chunk_len: String(shift), num_encoder_layers: '1', encoder_dims: String(dim) },
      ...{ query_head_dims: String(queryHead), value_head_dims: String(valueHead), num_heads: String(heads) },
      ...{ cnn_module_kernels: String(kernel), left_context_len: String(left) },
    },
  };
}

/** After the blank comes the first token of the keyword, after each token the next, after the last one the blank. */
function decoder(tokens: readonly string[], keyword: readonly string[]): OnnxGraph {
  const row = keyword.map((token) => tokens.indexOf(token));
  const next = new Map([0, ...row].map((token, i) => [token, row[i] ?? 0]));
  const table = new Float32Array(tokens.length * tokens.length);
  tokens.forEach((_, token) => {
    table[token * tokens.length + (next.get(token) ?? 0)] = 12;
  });
  return {
    name: 'decoder',
    nodes: [
      node('Gather', ['y', 'last'], 'newest', { axis: { int: 1 } }),
      node('Gather', ['table', 'newest'], 'decoder_out', { axis: { int: 0 } }),
    ],
    constants: [longs('last', [1], []), floats('table', [tokens.length, tokens.length], table)],
    inputs: [{ name: 'y', type: 'int64' }],
    outputs: [{ name: 'decoder_out', type: 'float32' }],
    metadata: { context_size: '2', vocab_size: String(tokens.length) },
  };
}

/** Loud: what the decoder expects; quiet: the blank. */
function joiner(tokens: readonly string[]): OnnxGraph {
  const blank = tokens.map((_, token) => (token === 0 ? 12 : 0));
  return {
    name: 'joiner',
    nodes: [
      node('Mul', ['encoder_out', 'decoder_out'], 'said'),
      node('Sub', ['one', 'encoder_out'], 'silence'),
      node('Mul', ['silence', 'blank'], 'unsaid'),
      node('Add', ['said', 'unsaid'], 'logit'),
    ],
    constants: [floats('one', [], [1]), floats('blank', [1, tokens.length], blank)],
    inputs: [
      { name: 'encoder_out', type: 'float32' },
      { name: 'decoder_out', type: 'float32' },
    ],
    outputs: [{ name: 'logit', type: 'float32' }],
    metadata: { joiner_dim: String(tokens.length) },
  };
}

/** Four tags, then the sentence with blanks between, then blanks: whatever the sound is. */
function senseVoice(tokens: readonly string[], sentence: string): OnnxGraph {
  const said = ['<|zh|>', '<|NEUTRAL|>', '<|Speech|>', '<|withitn|>', ...[...sentence].flatMap((c) => [c, '<blank>'])];
  const rows = [...said, '<blank>'].map((token) => tokens.map((other) => (other === token ? 12 : 0)));
  const ints = ['x_length', 'language', 'text_norm'];
  return {
    name: 'sense-voice',
    nodes: [
      node('Shape', ['x'], 'shape'),
      node('Gather', ['shape', 'time'], 'frames', { axis: { int: 0 } }),
      node('Add', ['frames', 'tags'], 'steps'),
      node('Range', ['zero', 'steps', 'one'], 'places'),
      node('Min', ['places', 'last'], 'rows'),
      node('Gather', ['table', 'rows'], 'flat', { axis: { int: 0 } }),
      node('Unsqueeze', ['flat', 'batch'], 'logits'),
    ],
    constants: [
      ...[longs('time', [1], []), longs('tags', [4], []), longs('zero', [0], []), longs('one', [1], [])],
      ...[longs('last', [rows.length - 1]), longs('batch', [0])],
      floats('table', [rows.length, tokens.length], rows.flat()),
    ],
    inputs: [{ name: 'x', type: 'float32' }, ...ints.map((name) => ({ name, type: 'int32' as const }))],
    outputs: [{ name: 'logits', type: 'float32' }],
    metadata: {
      ...{ model_type: 'sense_voice_ctc', vocab_size: String(tokens.length), comment: 'built for tests' },
      ...{ lfr_window_size: '7', lfr_window_shift: '6', normalize_samples: '0', with_itn: '14', without_itn: '15' },
      ...{ lang_auto: '0', lang_zh: '3', lang_en: '4', lang_yue: '7', lang_ja: '11', lang_ko: '12' },
      neg_mean: Array(560).fill('-8').join(','),
      inv_stddev: Array(560).fill('0.2').join(','),
    },
  };
}

const tokensText = (tokens: readonly string[]): string => `${tokens.map((token, i) => `${token} ${i}`).join('\n')}\n`;

/** Initials and finals with tones, more than the keyword needs. */
const KEYWORD_TOKENS = [
  '<blk>',
  '<sos/eos>',
  '<unk>',
  'zh',
  'ào',
  'g',
  'ù',
  'y',
  'ī',
  'í',
  'ì',
  'x',
  'ià',
  'd',
  'ǎ',
  'āo',
  'f',
  'ēn',
];

/** Writes both networks as they lie after `models import`: one folder each below `folder`. */
function buildSpeechNetworks(folder: string, { keyword, sentence }: BuiltNetworks): void {
  const kws = join(folder, 'sherpa-onnx-kws-zipformer-zh-en-3M-2025-12-20');
  const asr = join(folder, 'sherpa-onnx-sense-voice-zh-en-ja-ko-yue-int8-2024-07-17');
  for (const path of [kws, asr]) mkdirSync(path, { recursive: true });
  const write = (path: string, graph: OnnxGraph): void => writeFileSync(path, encodeOnnx(graph, 'hallwatch-test'));
  const end = 'epoch-13-avg-2-chunk-16-left-64';
  write(join(kws, `encoder-${end}.int8.onnx`), encoder());
  write(join(kws, `decoder-${end}.onnx`), decoder(KEYWORD_TOKENS, keyword));
  write(join(kws, `joiner-${end}.int8.onnx`), joiner(KEYWORD_TOKENS));
  writeFileSync(join(kws, 'tokens.txt'), tokensText(KEYWORD_TOKENS));
  const tokens = ['<blank>', '<|zh|>', '<|NEUTRAL|>', '<|Speech|>', '<|withitn|>', ...new Set(sentence)];
  write(join(asr, 'model.int8.onnx'), senseVoice(tokens, sentence));
  writeFileSync(join(asr, 'tokens.txt'), tokensText(tokens));
}

/** Builds both networks and records them as `models import` does. `change` may spoil the keyword network's files before. */
export async function recordSpeechNetworks(root: string, change?: (folder: string) => void): Promise<void> {
  const source = mkdtempSync(join(tmpdir(), 'hallwatch-test-'));
  try {
    buildSpeechNetworks(source, { keyword: ['zh', 'ào', 'g', 'ù', 'y', 'í', 'x', 'ià'], sentence: '请大家照顾一下' });
    for (const network of readSpeechManifest()) {
      const folder = join(source, network.name);
      if (!existsSync(folder)) continue;
      if (network.role === 'keywords') change?.(folder);
      // Pinned by what is recorded: the real hashes are those of the real networks.
      await installFolder(root, { ...network, files: network.files.map(({ path }) => ({ path })) }, folder);
    }
  } finally {
    rmSync(source, { recursive: true, force: true });
  }
}
