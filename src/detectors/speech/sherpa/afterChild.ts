import { messageOf } from '../../../core/errors.js';
import { SAMPLE_RATE } from '../features.js';
import { loadSherpa, type Punctuation, type VoiceExtractor } from './library.js';
import type { FromAfter, ToAfter } from './protocol.js';

/**
 * The process that works on transcripts after their session: started by `after.ts`, gone with its parent. A network that is
 * not as the library expects ends it; nothing of what was said is written anywhere.
 */
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => undefined);

const loaded: { punctuation?: Punctuation; voice?: VoiceExtractor } = {};

process.on('message', (message: ToAfter) => {
  let answer: FromAfter;
  try {
    answer = { id: message.id, ...workOn(message) };
  } catch (error) {
    answer = { id: message.id, failed: messageOf(error) };
  }
  process.send?.(answer);
});

function workOn(message: ToAfter): { texts: string[] } | { voices: Float32Array[] } {
  const library = loadSherpa();
  const settings = { numThreads: 1, provider: 'cpu', debug: 0 };
  if (message.type === 'punctuate') {
    loaded.punctuation ??= new library.OfflinePunctuation({ model: { ctTransformer: message.model, ...settings } });
    const { punctuation } = loaded;
    return { texts: message.texts.map((text) => punctuation.addPunct(text)) };
  }
  loaded.voice ??= new library.SpeakerEmbeddingExtractor({ model: message.model, ...settings });
  const { voice } = loaded;
  return { voices: message.sounds.map((samples) => voiceOf(voice, samples)) };
}

function voiceOf(extractor: VoiceExtractor, samples: Float32Array): Float32Array {
  const stream = extractor.createStream();
  stream.acceptWaveform({ sampleRate: SAMPLE_RATE, samples });
  stream.inputFinished();
  if (!extractor.isReady(stream)) return new Float32Array(0);
  // A buffer of the library's own cannot be sent between processes.
  const vector = extractor.compute(stream, false);
  const length = Math.hypot(...vector);
  return length > 0 ? Float32Array.from(vector, (value) => value / length) : new Float32Array(0);
}
