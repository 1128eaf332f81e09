#!/usr/bin/env node
// Listens to COUNT rooms over COUNT RTSP streams with the sherpa engine, as the service does, and says what it costs.
//   node scripts/measure-speech-rooms.mjs MODELS [COUNT=24] [SECONDS=120] [--built] [--faults]       after a build
// MODELS holds installed speech networks (`models import`); --built: those of test/support/speechNetworks.ts, pinned by what was
// recorded. With --faults it then kills a process, damages a network while it runs, lists a word that the network cannot spell,
// and leaves a stream half open: each must be recorded with its reason, cost nothing else, and heal. Needs GStreamer's RTSP server.
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLedger } from '../dist/alerts/ledger/openLedger.js';
import { systemClock as clock, sleep } from '../dist/core/clock.js';
import { parseConfig } from '../dist/core/config/load.js';
import { makeLiveHub } from '../dist/core/liveHub.js';
import { makeLogger } from '../dist/core/log.js';
import { eventMs } from '../dist/core/time.js';
import { writtenEntry } from '../dist/core/words.js';
import { readSpeechManifest } from '../dist/detectors/speech/models/speechManifest.js';
import { sherpaEngine } from '../dist/detectors/speech/sherpa/engine.js';
import { installedModels } from '../dist/detectors/speech/sherpa/installedModels.js';
import { openAudio } from '../dist/ingest/audio.js';
import { recorderClock } from '../dist/ingest/live/recorderClock.js';
import { startRtspServer } from '../dist/ingest/rtspServer/rtspServer.js';
import { encodeScene } from '../dist/ingest/simulator/encodeScene.js';
import { findScene } from '../dist/ingest/simulator/scenes.js';
import { openStage } from '../dist/ingest/simulator/stage.js';
import { hallRecorder } from '../dist/pipeline/hallRecorder.js';
import { hallSpeech } from '../dist/pipeline/hallSpeech.js';
import { hallTracks } from '../dist/pipeline/hallTracks.js';
import { makeJudge } from '../dist/pipeline/judge.js';
import { hallWords } from '../dist/pipeline/speechWords.js';

const [models, count = '24', seconds = '120'] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const faults = process.argv.includes('--faults');
if (!models) throw new Error('usage: node scripts/measure-speech-rooms.mjs MODELS [COUNT] [SECONDS] [--faults]');
const folder = mkdtempSync(join(tmpdir(), 'hallwatch-speech-rooms-'));
const log = makeLogger({ level: process.env.LOG ?? 'error' });
const never = new AbortController().signal;
const wait = (s) => sleep(clock, s * 1000, never);

const clip = join(folder, 'clip.mp4');
await encodeScene(await openStage(findScene('room-1')), clip, {
  fromMs: 0,
  lengthMs: 10_000,
  clock,
  log,
  signal: never,
});
const ids = Array.from({ length: Number(count) }, (_, i) => `R${i + 1}`);
const server = await startRtspServer({
  mounts: ids.map((id) => ({ path: `/${id}`, file: clip, audio: 'bursts' })),
  clock,
  log,
});
const proxy = await halfOpenProxy(server.port);
const sourceOf = (id) => (id === 'R1' ? `rtsp://127.0.0.1:${proxy.port}/R1` : server.url(`/${id}`));
const config = parseConfig(
  JSON.stringify({
    site: { id: 'bench', name: 'bench' },
    cameras: ids.map((id) => ({ id: `cam-${id}`, source: sourceOf(id) })),
    rooms: ids.map((id) => ({ id, cameras: [`cam-${id}`], audio: `cam-${id}` })),
  }),
  'bench',
);
const ledger = openLedger(join(folder, 'ledger.sqlite'), { clock, log });
ledger.wordLists.save({
  scope: 'hall',
  words: [writtenEntry.parse({ word: '照顾一下' })],
  note: '',
  by: 'system',
  basedOn: 0,
});
// Networks built for a test are pinned by what was recorded when they were installed; real ones by the manifest too.
const networks = readSpeechManifest().map((network) =>
  process.argv.includes('--built') ? { ...network, files: network.files.map(({ path }) => ({ path })) } : network,
);
const engine = sherpaEngine({ processes: 2, clock, log, models: () => installedModels(models, networks) });
while (engine.health().listening !== true) await wait(0.2);
const recorder = recorderClock(clock);
const tracks = hallTracks(config);
const judge = makeJudge(tracks.all);
const facts = { site: 'bench', district: '', subjects: new Map() };
const hall = hallRecorder({
  ledger,
  sinks: [],
  facts,
  hub: makeLiveHub(log),
  log,
  onStep: (step) => speech.onStep(step),
});
const started = recorder.now();
const speech = hallSpeech({
  ...{ config, engine, ledger, judge, recorder: hall, evidenceFolder: join(folder, 'evidence'), clock, log },
  words: hallWords({ site: 'bench', ledger, file: undefined, log }),
  findings: () => new Set(),
  openSound: (room) => {
    const camera = config.cameras.find(({ id }) => id === room.audio);
    return { source: openAudio(camera, { clock, log, ingest: config.ingest, recorder }), now: recorder.now };
  },
});
const ticks = clock.every(1000, async () => {
  const at = recorder.now();
  for (const { id } of config.cameras) hall.keep(await judge.feed({ type: 'tick', camera: id, at }), at);
});

const cpuBefore = cpuMs([process.pid, ...engine.pids()]);
await wait(10);
const warm = recorder.now();
await wait(Number(seconds));
const until = recorder.now();
const parts = ledger.transcripts.between(warm, until);
const factors = engine
  .load()
  .map(({ realTimeFactor }) => realTimeFactor)
  .sort((a, b) => a - b);
const cpu = cpuMs([process.pid, ...engine.pids()]).map((ms, i) => (ms - cpuBefore[i]) / (until - started));
print('rooms', {
  rooms: ids.length,
  seconds: (until - warm) / 1000,
  segments: parts.filter(({ kind }) => kind === 'segment').length,
  incidents: ledger.incidents.count({ rule: 'speech' }),
  gaps: parts.filter(({ kind }) => kind === 'gap').length,
  realTimeFactor: { median: round(factors[factors.length >> 1]), max: round(factors.at(-1)) },
  cores: { main: round(cpu[0]), engine: cpu.slice(1).map(round) },
  rssMiB: { main: rss(process.pid), engine: engine.pids().map(rss) },
});

if (faults) {
  await fault('killed child', () => process.kill(engine.pids()[0], 'SIGKILL'), 15);
  const tokens = join(models, networks[0].name, 'tokens.txt');
  copyFileSync(tokens, join(folder, 'tokens.txt'));
  await fault(
    'damaged network, while a process starts again',
    () => {
      appendFileSync(tokens, 'no-such-token 9999\n');
      process.kill(engine.pids()[0], 'SIGKILL');
    },
    40,
  );
  copyFileSync(join(folder, 'tokens.txt'), tokens);
  await fault('the network is whole again', () => undefined, 40);
  const told = () => ids.filter((id) => engine.health(id).reason === 'unknown-token').length;
  const list = (words) =>
    ledger.wordLists.save({
      ...{ scope: 'hall', note: '', by: 'system', basedOn: ledger.wordLists.current('hall').version },
      words: words.map((word) => writtenEntry.parse({ word })),
    });
  await fault('a word with a sound that the network lacks', () => list(['照顾一下', '窗口服务']), 15);
  print('rooms that say so', { rooms: told() });
  list(['照顾一下']);
  await fault('half-open stream of R1', () => proxy.freeze(), 30);
  await fault('the stream is back', () => proxy.thaw(), 40);
}
ticks.cancel();
await speech.close();
await server.stop();
proxy.close();
await ledger.close();
rmSync(folder, { recursive: true, force: true });
process.exit(0);

async function fault(name, cause, forS) {
  const from = recorder.now();
  cause();
  await wait(forS);
  const gaps = ledger.transcripts.between(from, recorder.now()).filter(({ kind, end }) => kind === 'gap' && end > from);
  const reasons = {};
  for (const { text, start, end } of gaps) {
    reasons[text] ??= { gaps: 0, seconds: 0 };
    reasons[text].gaps += 1;
    reasons[text].seconds = round(reasons[text].seconds + (end - start) / 1000);
  }
  const since = eventMs(recorder.now() - 5000);
  const hearing = new Set(
    ledger.transcripts
      .between(since, recorder.now())
      .filter(({ kind }) => kind === 'segment')
      .map(({ room }) => room),
  );
  print(name, {
    reasons,
    rooms: new Set(gaps.map(({ room }) => room)).size,
    hearingNow: hearing.size,
    engine: engine.health(),
  });
}

/** Passes RTSP on until it is frozen: connections then stay open and give nothing. */
async function halfOpenProxy(to) {
  let frozen = false;
  const sockets = new Set();
  const relay = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (data) => !frozen && far.write(data));
    far.on('data', (data) => !frozen && near.write(data));
    near.on('close', () => far.destroy());
  });
  await new Promise((resolve) => relay.listen(0, '127.0.0.1', resolve));
  return {
    port: relay.address().port,
    freeze: () => {
      frozen = true;
    },
    thaw: () => {
      frozen = false;
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      relay.close();
    },
  };
}

function cpuMs(pids) {
  return pids.map((pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  });
}
function rss(pid) {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
}
function round(value) {
  return Math.round(value * 10_000) / 10_000;
}
function print(name, facts) {
  console.log(JSON.stringify({ name, ...facts }));
}
