#!/usr/bin/env node
// Compares three ways to get the key frames of many RTSP cameras, one after the other against the same server:
// node scripts/measure-ingest.mjs [CAMERAS] [SECONDS]
// one ffmpeg a camera; one ffmpeg for ten cameras; our own reader with shared decoders (5, 50 and 200 cameras to one). Prints CPU and
// memory of everything but the server, and when the last camera gave its first picture. Linux only: it reads /proc.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { descendants, usageOf } from '../dist/bench/processCpu.js';
import { systemClock as clock } from '../dist/core/clock.js';
import { makeLogger } from '../dist/core/log.js';
import { videoDecoder } from '../dist/ingest/ffmpeg/decoder.js';
import { decodeVideoCommand } from '../dist/ingest/ffmpeg/ffmpegCommand.js';
import { startFfmpeg } from '../dist/ingest/ffmpeg/ffmpegProcess.js';
import { keyframeHub } from '../dist/ingest/live/keyframeHub.js';
import { startRtspServer } from '../dist/ingest/rtspServer/rtspServer.js';
import { encodeScene } from '../dist/ingest/simulator/encodeScene.js';
import { findScene } from '../dist/ingest/simulator/scenes.js';
import { openStage } from '../dist/ingest/simulator/stage.js';

const count = Number(process.argv[2] ?? 20);
const seconds = Number(process.argv[3] ?? 15);
const work = mkdtempSync(join(tmpdir(), 'hallwatch-ingest-'));
const log = makeLogger({ level: 'error' });
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const file = join(work, 'clip.mp4');
await encodeScene(await openStage(findScene('hall-1')), file, { fromMs: 0, lengthMs: 20_000, everyMs: 40, clock, log });
const mounts = Array.from({ length: count }, (_, i) => ({ path: `/cam${i}`, file }));
const server = await startRtspServer({ mounts, light: true, clock, log });
const inputOf = (i) => ({ kind: 'network', url: server.url(`/cam${i}`), timeoutMs: 10_000 });

/** Private memory is what another process costs; RSS is what an administrator sees. */
const privateMiB = (pids) =>
  pids.reduce((sum, pid) => {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty): +(\d+)/gm)].reduce(
        (total, [, kb]) => total + Number(kb),
        0,
      );
      return sum + kilobytes / 1024;
    } catch {
      return sum;
    }
  }, 0);

const asOne = (decoders) => ({ stop: () => Promise.all(decoders.map((decoder) => decoder.stop())) });
const drain = async (decoder, saw) => {
  for await (const _ of decoder.items) saw();
};
const ways = {
  'one ffmpeg a camera': (saw) => {
    const options = { size: { maxWidth: 640 }, keyframesOnly: true, pick: { kind: 'apart', minS: 0.5 }, threads: 1 };
    const decoders = mounts.map((_, i) =>
      videoDecoder(startFfmpeg)(decodeVideoCommand(inputOf(i), options), { clock, log }),
    );
    decoders.forEach((decoder, i) => void drain(decoder, () => saw(i)));
    return asOne(decoders);
  },
  'one ffmpeg for 10 cameras': (saw) => {
    const children = [];
    for (let at = 0; at < count; at += 10) {
      const mine = mounts.slice(at, at + 10).map((_, k) => at + k);
      const inputs = mine.flatMap((i) => [
        '-skip_frame',
        'nokey',
        '-threads',
        '1',
        '-rtsp_transport',
        'tcp',
        '-i',
        inputOf(i).url,
      ]);
      const outputs = mine.flatMap((_, k) => [
        '-map',
        `${k}:v:0`,
        '-fps_mode',
        'passthrough',
        '-pix_fmt',
        'yuv420p',
        '-f',
        'rawvideo',
        `pipe:${3 + k}`,
      ]);
      const pipes = mine.map(() => 'pipe');
      const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...inputs, ...outputs], {
        stdio: ['ignore', 'ignore', 'ignore', ...pipes],
      });
      for (const [k, i] of mine.entries()) child.stdio[3 + k].on('data', () => saw(i));
      children.push(child);
    }
    return {
      stop: () =>
        Promise.all(children.map((child) => new Promise((done) => child.once('exit', done) && child.kill('SIGKILL')))),
    };
  },
};
for (const camerasADecoder of [5, 50, 200]) {
  ways[`own reader, ${camerasADecoder} to a decoder`] = (saw) => {
    const hub = keyframeHub({ start: startFfmpeg, clock, log, camerasADecoder });
    const request = (i) => ({
      camera: `cam${i}`,
      input: inputOf(i),
      maxWidth: 640,
      minApartS: 0.5,
      onDropped: () => undefined,
    });
    const decoders = mounts.map((_, i) => hub.open(request(i), { clock, log }));
    decoders.forEach((decoder, i) => void drain(decoder, () => saw(i)));
    return asOne(decoders);
  };
}

try {
  console.log(`${count} cameras, 640x360 H.264 at 25 pictures/s, a key frame each 2 s; ${seconds} s measured\n`);
  console.log(
    'way                          | CPU ms/camera-s | children | RSS MiB | private MiB/camera | pictures/camera-s | all seen after s',
  );
  const idle = usageOf([process.pid]).rssBytes;
  for (const [name, start] of Object.entries(ways)) {
    const first = new Map();
    let pictures = 0;
    const began = clock.monotonicMs();
    const running = start((i) => {
      pictures += 1;
      if (!first.has(i)) first.set(i, clock.monotonicMs() - began);
    });
    for (let waited = 0; first.size < count && waited < 60_000; waited += 250) await wait(250);
    await wait(2000);
    const pids = descendants(process.pid, [server.pid]);
    const before = usageOf([process.pid, ...pids]).cpuS;
    const had = pictures;
    await wait(seconds * 1000);
    const after = usageOf([process.pid, ...pids]);
    const own = Math.max(0, usageOf([process.pid]).rssBytes - idle);
    const cells = [
      (((after.cpuS - before) * 1000) / seconds / count).toFixed(2).padStart(15),
      String(pids.length).padStart(8),
      ((usageOf(pids).rssBytes + own) / 2 ** 20).toFixed(0).padStart(7),
      ((privateMiB(pids) + own / 2 ** 20) / count).toFixed(1).padStart(18),
      (name.startsWith('one ffmpeg for') ? '-' : ((pictures - had) / seconds / count).toFixed(2)).padStart(17),
      `${(Math.max(...first.values()) / 1000).toFixed(1)} (${first.size})`,
    ];
    console.log([name.padEnd(28), ...cells].join(' | '));
    await running.stop();
    await wait(500);
  }
} finally {
  await server.stop();
  rmSync(work, { recursive: true, force: true });
}
