#!/usr/bin/env node
// Measures `motion` (Debian) on eight streams of a running `bench cameras`, in the same seconds: node scripts/measure-peer.mjs [CAMERAS] [SECONDS]
// Prints both costs, ms of processor time a camera-second, and their ratio. Motion decodes every picture and looks for motion; it records nothing.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { usageOf } from '../dist/bench/processCpu.js';

const [count = '16', seconds = '30'] = process.argv.slice(2);
const PEER_CAMERAS = 8;
const work = mkdtempSync(join(tmpdir(), 'hallwatch-peer-'));
const urls = join(work, 'urls');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const bench = spawn(
  process.execPath,
  [cli, 'bench', 'cameras', '--count', count, '--seconds', seconds, '--urls', urls, '--json'],
  {
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
let printed = '';
bench.stdout.on('data', (text) => {
  printed += text;
});
const ended = new Promise((resolve) => bench.once('exit', resolve));

const common = [
  'daemon off',
  'picture_output off',
  'movie_output off',
  'webcontrol_port 0',
  'stream_port 0',
  'log_level 3',
  'framerate 25',
  'width 640',
  'height 360',
];
let motion;
try {
  while (!existsSync(urls) && bench.exitCode === null) await wait(200);
  const streams = readFileSync(urls, 'utf8').trim().split('\n').slice(0, PEER_CAMERAS);
  const cameras = streams.map((url, i) => {
    const path = join(work, `camera${i}.conf`);
    writeFileSync(
      path,
      `camera_id ${i + 1}\nnetcam_url ${url}\nnetcam_params rtsp_transport=tcp\ntarget_dir ${work}\n`,
    );
    return `camera ${path}`;
  });
  const config = join(work, 'motion.conf');
  writeFileSync(config, `${[...common, ...cameras].join('\n')}\n`);
  motion = spawn('motion', ['-n', '-c', config], { stdio: 'ignore' });
  // Its start is not measured.
  await wait(8000);
  const before = usageOf([motion.pid]).cpuS;
  const began = performance.now();
  await wait((Number(seconds) - 12) * 1000);
  const spent = usageOf([motion.pid]).cpuS - before;
  const peer = (spent * 1e6) / (performance.now() - began) / PEER_CAMERAS;
  await ended;
  const ours = JSON.parse(printed).cpuMsPerCameraSecond;
  console.log(
    `motion ${peer.toFixed(2)} ms a camera-second (${PEER_CAMERAS} cameras), hallwatch ${ours.total} (${count} cameras): ${(ours.total / peer).toFixed(2)}`,
  );
  console.log(JSON.stringify({ peer: 'motion', cpuMsPerCameraSecond: Number(peer.toFixed(2)), ours }));
} finally {
  motion?.kill('SIGKILL');
  await ended;
  rmSync(work, { recursive: true, force: true });
}
