// Recordings with their transcripts through the matcher and through voice activity detection.
//   node scripts/measure-speech-transcripts.mjs FOLDER [WORDS]        after a build
// FOLDER holds transcripts.tsv (file, speaker, source, licence, seconds, kind, text) and 16 kHz mono PCM16 WAV files.
// Matcher: each word of three syllables and more that stands in a transcript is looked for in all of them: as it is, as
// homophones (each character exchanged for another one of the same sound), and with similar sounds (z for zh, ...). What is
// found in a transcript that does not hold the word's sounds would be a false hit. WORDS (default: the starter list) is what a hall would listen for.
// Voice activity: our own, by energy; Silero too where DATA/models/speech holds it (HALLWATCH_DATA).
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinyin } from 'pinyin-pro';
import { FUZZY_CLASSES, writtenEntry } from '../dist/core/words.js';
import { foldSyllable } from '../dist/detectors/speech/matcher/fuzzy.js';
import { makeMatcher, matchText } from '../dist/detectors/speech/matcher/matchText.js';
import { syllablesIn } from '../dist/detectors/speech/pinyin.js';
import { makeSegmenter } from '../dist/detectors/speech/segmenter.js';
import { loadSherpa } from '../dist/detectors/speech/sherpa/library.js';
import { sileroSegmenter } from '../dist/detectors/speech/sherpa/listener.js';
import { entryOf, readWordList } from '../dist/detectors/speech/wordList.js';
import { readWav } from './readWav.mjs';

const [folder, words = 'config/words.bid-evaluation.yaml'] = process.argv.slice(2);
if (!folder) throw new Error('usage: node scripts/measure-speech-transcripts.mjs FOLDER [WORDS]');
const clips = readFileSync(join(folder, 'transcripts.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([file, , , , seconds, kind, text]) => ({ path: join(folder, file), seconds: Number(seconds), kind, text }))
  .filter(({ path, text }) => /^\p{Script=Han}+$/u.test(text) && existsSync(path));

const texts = [...new Set(clips.map(({ text }) => text))];
console.log(`${clips.length} recordings, ${texts.length} different transcripts`);
matcherOverWords();
matcherOverList();
voiceActivity('energy', () => makeSegmenter());
const silero = join(process.env.HALLWATCH_DATA ?? 'var', 'models', 'speech', 'silero_vad.onnx', 'silero_vad.onnx');
if (existsSync(silero)) voiceActivity('silero', () => sileroSegmenter(loadSherpa(), silero));
else console.log(`voice activity (silero): not available: ${silero} is not installed`);

/** Every word of the transcripts against every transcript, in three disguises. */
function matcherOverWords() {
  const dictionary = new Intl.Segmenter('zh', { granularity: 'word' });
  const pairs = texts.flatMap((text) => {
    const parts = [...dictionary.segment(text)].map(({ segment }) => segment);
    return parts.flatMap((part, i) => [part, part + (parts[i + 1] ?? '')]);
  });
  const found = [...new Set(pairs)].filter((word) => word.length >= 3 && word.length <= 6);
  // A prohibition in a transcript is not what is measured here.
  const entries = found.map((word) => entryOf(writtenEntry.parse({ word, negation: 'keep' })));
  const matcher = makeMatcher(entries, FUZZY_CLASSES);
  const bySound = charactersBySound();
  for (const [name, disguise] of [
    ['as it is', (character) => character],
    ['homophones', (character, sound) => other(bySound.get(sound) ?? [], character)],
    [
      'similar sounds',
      (character, sound) =>
        other(
          similar(sound).flatMap((one) => bySound.get(one) ?? []),
          character,
        ),
    ],
  ]) {
    const sums = { said: 0, text: 0, pinyin: 0, fuzzy: 0, missed: 0, false: 0 };
    for (const text of texts) {
      const sounds = syllablesIn(text);
      const played = [...text].map((character, i) => disguise(character, sounds[i])).join('');
      const heard = syllablesIn(played);
      const hits = matchText(played, matcher);
      for (const entry of entries) {
        const own = hits.filter(({ word }) => word === entry.word);
        const at = text.indexOf(entry.word);
        if (at >= 0) {
          sums.said += 1;
          const hit = own.find(({ from }) => from === at) ?? own[0];
          if (hit) sums[hit.tier] += 1;
          else sums.missed += 1;
        } else sums.false += own.filter((hit) => !sameSounds(entry, heard.slice(hit.from, hit.to))).length;
      }
    }
    console.log(`matcher, ${entries.length} words ${name}: ${JSON.stringify(sums)}`);
  }
}

/** The words that a hall would listen for: what of them the transcripts hold. */
function matcherOverList() {
  const list = readWordList(words).words;
  const matcher = makeMatcher(list, FUZZY_CLASSES);
  const hits = texts.flatMap((text) => matchText(text, matcher).map((hit) => ({ text, ...hit })));
  console.log(`matcher, ${list.length} words of ${words}: ${hits.length} hits in ${texts.length} transcripts`);
  for (const { word, tier, variant, text } of hits) console.log(`  ${word} (${tier}: ${variant}) in ${text}`);
}

function voiceActivity(name, make) {
  for (const kind of [...new Set(clips.map((clip) => clip.kind))]) {
    const some = clips.filter((clip) => clip.kind === kind);
    const sums = { clips: some.length, unheard: 0, segments: 0, seconds: 0, inSegments: 0 };
    for (const { path } of some) {
      const sound = readWav(path);
      // A room is quiet before and after somebody speaks.
      const samples = new Float32Array(sound.length + 32_000);
      samples.set(sound, 16_000);
      const segmenter = make();
      const segments = [];
      for (let i = 0; i < samples.length; i += 3200) segments.push(...segmenter.push(samples.slice(i, i + 3200)));
      segments.push(...segmenter.flush());
      sums.seconds += sound.length / 16_000;
      sums.segments += segments.length;
      sums.inSegments += segments.reduce((sum, one) => sum + inside(one, sound.length), 0) / 16_000;
      if (segments.length === 0) sums.unheard += 1;
    }
    const { seconds, inSegments } = sums;
    console.log(
      `voice activity (${name}), ${kind}: ${sums.clips} recordings, ${sums.unheard} without any segment, ${sums.segments} segments, ${((100 * inSegments) / seconds).toFixed(0)} % of ${seconds.toFixed(0)} s taken as speech`,
    );
  }
}

/** How much of a segment lies in the sound itself. */
function inside({ from, samples }, length) {
  return Math.max(0, Math.min(from + samples.length, 16_000 + length) - Math.max(from, 16_000));
}

/** Whether these syllables are the word's, similar sounds allowed. */
function sameSounds(entry, heard) {
  const fold = (syllable) => foldSyllable(syllable, FUZZY_CLASSES);
  return entry.syllables.map(fold).join(' ') === heard.map(fold).join(' ');
}

/** Characters that are read in one way only, by their toneless sound. */
function charactersBySound() {
  const map = new Map();
  for (let code = 0x4e00; code < 0x9fa5; code += 1) {
    const character = String.fromCharCode(code);
    const readings = pinyin(character, { toneType: 'none', type: 'array', v: true, multiple: true });
    if (new Set(readings).size !== 1 || readings[0] === character) continue;
    map.set(readings[0], [...(map.get(readings[0]) ?? []), character]);
  }
  return map;
}

function other(choices, character) {
  return choices.find((one) => one !== character) ?? character;
}

/** Sounds that fall together with this one, itself left out. */
function similar(sound) {
  const pairs = [
    [/^zh/, 'z'],
    [/^ch/, 'c'],
    [/^sh/, 's'],
    [/^z(?!h)/, 'zh'],
    [/^c(?!h)/, 'ch'],
    [/^s(?!h)/, 'sh'],
    [/^n/, 'l'],
    [/ang$/, 'an'],
    [/eng$/, 'en'],
    [/ing$/, 'in'],
    [/an$/, 'ang'],
    [/en$/, 'eng'],
    [/in$/, 'ing'],
  ];
  return pairs.filter(([from]) => from.test(sound)).map(([from, to]) => sound.replace(from, to));
}
