import { resolve } from 'node:path';
import type { Command } from 'commander';
import { sleep, systemClock } from '../core/clock.js';
import { loadConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import { AppError, messageOf } from '../core/errors.js';
import { cameraId, roomId } from '../core/ids.js';
import { makeLogger } from '../core/log.js';
import type { SpeechEngine, SpeechEvent } from '../core/speech.js';
import { eventMs } from '../core/time.js';
import { builtinEngine } from '../detectors/speech/builtin.js';
import { SAMPLE_RATE } from '../detectors/speech/features.js';
import { openUnitNetwork } from '../detectors/speech/network.js';
import { noneEngine } from '../detectors/speech/none.js';
import { keywordsOf } from '../detectors/speech/soundHits.js';
import { speechHits } from '../detectors/speech/speechHits.js';
import type { WordEntry } from '../detectors/speech/wordEntry.js';
import { readWordList } from '../detectors/speech/wordList.js';
import { audioDecoder } from '../ingest/ffmpeg/decoder.js';
import { decodeAudioCommand } from '../ingest/ffmpeg/ffmpegCommand.js';
import { lastWords, startFfmpeg } from '../ingest/ffmpeg/ffmpegProcess.js';
import { openSpeechEngine } from '../pipeline/speechEngines.js';
import { configPathOrSimulated } from './configPath.js';
import { printJson, printLine, printNote } from './output.js';
import { type AcceptCount, type AcceptTrial, acceptance, readSentences } from './speechAccept.js';

interface ScanFlags {
  words: string;
  json?: boolean;
}

/** One line of `speech scan --json`. Times are seconds from the file's first sample. */
interface Scan {
  file: string;
  state: 'ok' | 'unavailable';
  /** `demo-model` where the embedded network listened; else why nothing was understood. */
  reason?: string;
  segments: { start: number; end: number; text: string }[];
  hits: { word: string; tier: string; start: number; end: number }[];
  /** Stretches nobody listened to; absent where there are none. */
  gaps?: { start: number; end: number; reason: string }[];
  error?: { code: string; message: string };
}

/** `speech scan`: which words of a list are said in recordings. */
export function addSpeechCommand(program: Command): void {
  const speech = program.command('speech').description('语音 · speech');
  speech
    .command('scan')
    .description('在录音中查找词表中的词 · find the words of a list in recordings')
    .argument('<audio...>', 'sound or video files, whatever ffmpeg reads')
    .requiredOption('--words <file>', 'word list: YAML, JSON, or text with one word a line')
    .option('--json', 'print JSON lines only')
    .action(run);
  speech
    .command('accept')
    .description('验收:播放已知语句,给出召回率与误报率 · play sentences with known words; recall and false alarms')
    .requiredOption('--words <file>', 'word list: YAML, JSON, or text with one word a line')
    .requiredOption('--sentences <file>', 'lines of: recording, tab, what is said in it')
    .option('--json', 'print JSON lines only')
    .action(accept);
}

/** `speech accept`: with the engine that the service would use. */
async function accept(flags: ScanFlags & { sentences: string }): Promise<void> {
  const { words } = readWordList(flags.words);
  const sentences = readSentences(flags.sentences);
  const config = loadConfig(configPathOrSimulated(undefined).path, process.env);
  const engine = await serviceEngine(config);
  try {
    const trials: AcceptTrial[] = [];
    for (const sentence of sentences) {
      const { events, seconds } = await listenToFile(sentence.file, engine, words);
      trials.push({ sentence, events, seconds });
    }
    const counts = acceptance(trials, words, config.rules.speech.fuzzy);
    if (counts[0]!.recall !== null && counts[0]!.recall < 1) process.exitCode = 1;
    printNote(`engine ${engine.name} ${engine.health().reason ?? ''}`);
    for (const count of counts) {
      if (flags.json) printJson({ engine: engine.name, ...count });
      else printLine(acceptLine(count));
    }
  } finally {
    await engine.close();
  }
}

/** The site's installed networks where there are any, else the demonstration. */
async function serviceEngine(config: Config): Promise<SpeechEngine> {
  const data = resolve(config.storage.data);
  const log = makeLogger({ level: 'warn' });
  const engine = await openSpeechEngine({
    config: { ...config.rules.speech, enabled: true },
    data,
    clock: systemClock,
    log,
  });
  if (engine.health().listening === false) await untilListening(engine);
  return engine;
}

/** Installed networks take seconds to load. @throws AppError `unsupported` where the engine does not listen after that */
async function untilListening(engine: SpeechEngine): Promise<void> {
  for (let tries = 0; tries < 600 && engine.health().reason?.startsWith('engine-'); tries += 1) {
    await sleep(systemClock, 100, new AbortController().signal);
  }
  const { listening, reason } = engine.health();
  if (listening === false)
    throw new AppError('unsupported', `speech engine ${engine.name}: ${reason ?? 'does not listen'}`);
}

function acceptLine(count: AcceptCount): string {
  const percent = (share: number | null): string => (share === null ? '-' : `${Math.round(share * 100)} %`);
  const recall = `${count.found}/${count.said} ${percent(count.recall)} (${percent(count.recallLow)}-${percent(count.recallHigh)})`;
  const rate = `${count.falseAlarmsAnHour.toFixed(1)} (${count.falseAlarmsLow.toFixed(1)}-${count.falseAlarmsHigh.toFixed(1)})`;
  return `${count.word === '*' ? '合计 all' : count.word}  召回 recall ${recall}  误报 false alarms ${count.falseAlarms}, ${rate} an hour`;
}

async function run(files: string[], flags: ScanFlags): Promise<void> {
  const { words, warnings } = readWordList(flags.words);
  for (const warning of warnings) printNote(`hallwatch: word list: ${warning}`);
  const { engine, close } = await openEngine();
  try {
    for (const file of files) {
      const scan = await scanFile(file, engine, words);
      if (scan.state !== 'ok') process.exitCode = 1;
      if (scan.error) printNote(`hallwatch: ${scan.error.message}`);
      if (flags.json) printJson(scan);
      else printScan(scan);
    }
  } finally {
    await close();
  }
}

/** The embedded network; where it does not load, the engine that says so of every sound. */
async function openEngine(): Promise<{ engine: SpeechEngine; close(): Promise<void> }> {
  try {
    const network = await openUnitNetwork();
    return { engine: builtinEngine(network), close: () => network.close() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    printNote(`hallwatch: ${error.message}`);
    const engine = noneEngine('no-model');
    return { engine, close: () => engine.close() };
  }
}

async function scanFile(file: string, engine: SpeechEngine, words: readonly WordEntry[]): Promise<Scan> {
  const { listening, reason } = engine.health();
  try {
    const { events } = await listenToFile(file, engine, words);
    const segments = events.flatMap((event) =>
      event.type === 'segment' ? [{ start: event.start / 1000, end: event.end / 1000, text: event.text }] : [],
    );
    const gaps = events.flatMap((event) =>
      event.type === 'gap' ? [{ start: event.start / 1000, end: event.end / 1000, reason: event.reason }] : [],
    );
    const hits = speechHits(events, words).map(({ word, tier, start, end }) => ({
      ...{ word, tier, start: start / 1000, end: end / 1000 },
    }));
    const state = listening === true ? 'ok' : 'unavailable';
    return { file, state, ...(reason ? { reason } : {}), segments, hits, ...(gaps.length > 0 ? { gaps } : {}) };
  } catch (error) {
    const code = error instanceof AppError ? error.code : 'internal';
    const failure = { code, message: messageOf(error) };
    return { file, state: 'unavailable', reason: code, segments: [], hits: [], error: failure };
  }
}

/** Everything the engine says of one file, its event times counted from the first sample. */
async function listenToFile(
  file: string,
  engine: SpeechEngine,
  words: readonly WordEntry[],
): Promise<{ events: SpeechEvent[]; seconds: number }> {
  const stream = engine.open(roomId('scan'), { keywords: keywordsOf(words) });
  const command = decodeAudioCommand({ kind: 'file', path: file }, SAMPLE_RATE);
  const decoder = audioDecoder(startFfmpeg)(command, { clock: systemClock, log: makeLogger({ level: 'warn' }) });
  let firstMs: number | undefined;
  let count = 0;
  try {
    for await (const { ptsMs, samples } of decoder.items) {
      firstMs ??= ptsMs;
      count += samples.length;
      stream.write({ camera: cameraId('scan'), at: eventMs(ptsMs - firstMs), sampleRate: SAMPLE_RATE, samples });
    }
  } finally {
    await stream.close();
  }
  const exit = await decoder.exited;
  if (exit.failure) throw exit.failure;
  if (exit.code !== 0 && !exit.stopped) throw new AppError('bad-input', `sound: ${file}: ${lastWords(exit)}`);
  if (firstMs === undefined)
    throw new AppError('bad-input', `sound: ${file}: ${exit.stderrTail[0] ?? 'it holds none'}`);
  const events: SpeechEvent[] = [];
  for await (const event of stream.events()) events.push(event);
  return { events, seconds: count / SAMPLE_RATE };
}

function printScan({ file, state, reason, segments, hits, gaps = [] }: Scan): void {
  printLine(`${file}  ${state}${reason ? ` (${reason})` : ''}  ${segments.length} segments, ${hits.length} hits`);
  for (const { start, end, text } of segments) printLine(`  ${start.toFixed(2)}-${end.toFixed(2)}  ${text}`);
  for (const gap of gaps) printLine(`  ${gap.start.toFixed(2)}-${gap.end.toFixed(2)}  ? ${gap.reason}`);
  for (const { word, tier, start, end } of hits)
    printLine(`  ${start.toFixed(2)}-${end.toFixed(2)}  ! ${word} (${tier})`);
}
