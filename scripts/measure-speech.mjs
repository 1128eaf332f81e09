// Recall and false alarms per keyword-hour of the builtin speech engine.
//   node scripts/measure-speech.mjs FOLDER        after a build
// FOLDER holds transcripts.tsv (file, speaker, source, licence, seconds, kind, text) and 16 kHz mono PCM16 WAV files.
// Words are compared by toneless pinyin. Isolated words are searched among all isolated words; running speech is
// searched for its own words and for pairs of neighbouring words. First the recording that the network's folder describes is
// listened to again: the greatest differences from what stands there (features, blank's log-probabilities) and the reading.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinyin } from 'pinyin-pro';
import { builtinEngine } from '../dist/detectors/speech/builtin.js';
import { logMel, MEL_BANDS } from '../dist/detectors/speech/features.js';
import { greedyUnits } from '../dist/detectors/speech/greedy.js';
import { openUnitNetwork, parseFilterbank, unitNetworkFolder } from '../dist/detectors/speech/network.js';
import { readWav } from './readWav.mjs';

const THRESHOLDS = [-0.2, -0.4, -0.6, -0.8, -1, -1.25, -1.5, -2, -2.5, -3];
/** 0.2 s, and a silence that waits its turn behind what was written. */
const PIECE = 3200;
const NOTHING = new Float32Array(800);
const folder = process.argv[2];
if (!folder) throw new Error('usage: node scripts/measure-speech.mjs FOLDER');

const syllables = (text) => pinyin(text, { toneType: 'none', type: 'array', v: true, nonZh: 'removed' });
const clips = readFileSync(join(folder, 'transcripts.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split('\t'))
  .map(([file, , , , , kind, text]) => ({ path: join(folder, file), kind, text }))
  .filter(({ path, text }) => /^\p{Script=Han}+$/u.test(text) && existsSync(path));

const network = await openUnitNetwork();
const engine = builtinEngine(network);
await reference();
const isolated = clips.filter(({ kind }) => kind === 'real-isolated');
const running = clips.filter(({ kind }) => kind !== 'real-isolated');
await measure('isolated', isolated, [...new Set(isolated.map(({ text }) => text))]);
for (const kind of [...new Set(running.map((clip) => clip.kind))]) {
  const some = running.filter((clip) => clip.kind === kind);
  await measure(kind, some, wordsOf(running));
}
await network.close();

async function reference() {
  const card = JSON.parse(readFileSync(join(unitNetworkFolder, 'reference.json'), 'utf8'));
  const path = join(folder, card.file);
  if (!existsSync(path)) return console.log(`reference: ${card.file} is not there`);
  const samples = readWav(path);
  const { frames, data } = logMel(
    samples,
    parseFilterbank(readFileSync(join(unitNetworkFolder, 'mel_filterbank.csv'), 'utf8')),
  );
  const heard = await network.listen(samples);
  const differ = (wanted, found) => Math.max(...wanted.map((value, i) => Math.abs(value - found(i)))).toFixed(4);
  const bands = differ(card.logmel_frame_100_first_8_bands, (band) => data[100 * MEL_BANDS + band]);
  const blanks = differ(card.blank_logprob_first_8_steps, (step) => heard.logProb[step * heard.units]);
  const reading = greedyUnits(heard, network.units).join(' ');
  console.log(`reference ${card.file}: ${frames} frames of ${card.frames}, ${heard.steps} steps of ${card.steps}`);
  console.log(`  features differ by ${bands} at most, log-probabilities of the blank by ${blanks}`);
  console.log(`  reading ${reading === card.greedy ? 'the same' : 'ANOTHER'}: ${reading}`);
}

function wordsOf(some) {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  const words = some.flatMap(({ text }) => {
    const parts = [...segmenter.segment(text)].map(({ segment }) => segment);
    return parts.flatMap((part, i) => [part, part + (parts[i + 1] ?? '')]);
  });
  return [...new Set(words)].filter((word) => word.length <= 6);
}

async function measure(name, some, allWords) {
  const words = new Map();
  for (const word of allWords) {
    const sounds = syllables(word);
    if (sounds.length >= 2) words.set(sounds.join(' '), sounds);
  }
  const keywords = [...words].map(([word, sounds]) => ({ word, syllables: sounds, threshold: -4 }));
  const trials = [];
  let hours = 0;
  for (const clip of some) {
    const samples = readWav(clip.path);
    hours += samples.length / 16000 / 3600;
    const text = ` ${syllables(clip.text).join(' ')} `;
    const best = await bestScores(samples, keywords);
    const live = await heardLive(samples, keywords);
    for (const { word, syllables: sounds } of keywords) {
      const said = text.includes(` ${word} `);
      if (!said && !best.has(word) && !live.has(word)) continue;
      trials.push({ said, long: sounds.length >= 3, score: best.get(word) ?? -9, live: live.has(word) });
    }
  }
  for (const long of [false, true]) {
    const count = keywords.filter((keyword) => keyword.syllables.length >= 3 === long).length;
    report(
      `${name}, ${long ? '3 syllables and more' : '2 syllables'}`,
      trials.filter((t) => t.long === long),
      hours * count,
    );
  }
}

function report(name, trials, keywordHours) {
  const said = trials.filter((trial) => trial.said);
  if (said.length === 0) return;
  console.log(`${name}: ${said.length} words said, ${keywordHours.toFixed(1)} keyword-hours`);
  const liveFound = said.filter(({ live }) => live).length;
  const liveWrong = trials.filter((trial) => !trial.said && trial.live).length;
  console.log(
    `  live\trecall ${((100 * liveFound) / said.length).toFixed(0)} %\tfalse alarms ${(liveWrong / keywordHours).toFixed(1)} a keyword-hour`,
  );
  for (const threshold of THRESHOLDS) {
    const found = said.filter(({ score }) => score >= threshold).length;
    const wrong = trials.filter((trial) => !trial.said && trial.score >= threshold).length;
    const recall = ((100 * found) / said.length).toFixed(0);
    console.log(`  ${threshold}\trecall ${recall} %\tfalse alarms ${(wrong / keywordHours).toFixed(1)} a keyword-hour`);
  }
}

async function bestScores(samples, keywords) {
  const stream = engine.open('room', { keywords });
  stream.write({ camera: 'c', at: 0, sampleRate: 16000, samples });
  await stream.close();
  const best = new Map();
  for await (const event of stream.events()) {
    if (event.type === 'candidate') best.set(event.word, Math.max(best.get(event.word) ?? -9, event.score));
  }
  return best;
}

/** Words heard with the engine's own thresholds in the pieces a live source gives: what is heard early counts too. */
async function heardLive(samples, keywords) {
  const stream = engine.open('room', { keywords: keywords.map(({ threshold: _, ...keyword }) => keyword) });
  for (let from = 0; from < samples.length; from += PIECE) {
    stream.write({ camera: 'c', at: from / 16, sampleRate: 16000, samples: samples.slice(from, from + PIECE) });
    await network.listen(NOTHING);
  }
  await stream.close();
  const heard = new Set();
  for await (const event of stream.events()) if (event.type === 'candidate') heard.add(event.word);
  return heard;
}
