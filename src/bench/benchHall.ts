import { mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.js';
import { parseConfig } from '../core/config/load.js';
import type { Config } from '../core/config/schema.js';
import type { Logger } from '../core/log.js';
import { type RtspServer, startRtspServer } from '../ingest/rtspServer/rtspServer.js';
import { encodeScene } from '../ingest/simulator/encodeScene.js';
import { windowZones } from '../ingest/simulator/layout.js';
import { findScene } from '../ingest/simulator/scenes.js';
import { openStage } from '../ingest/simulator/stage.js';

export interface BenchHallOptions {
  count: number;
  /** Whether cameras are recorded, too, over connections of their own. */
  recording: boolean;
  folder: string;
  clock: Clock;
  log: Logger;
  signal: AbortSignal;
}

export interface BenchHall {
  server: RtspServer;
  config: Config;
}

/**
 * A clip that comes round after 30 to 45 s, or a divisor of that, shows each picture again bit for bit just when the health
 * check looks back, and is rightly called frozen.
 */
const CLIP_MS = 28_000;
/** Where in the script each clip begins: seated staff, somebody leaving after half of it, a citizen waiting, an evaluation room. */
const CLIPS = [
  { scene: 'hall-1', fromMs: 0 },
  { scene: 'hall-1', fromMs: 226_000 },
  { scene: 'hall-2', fromMs: 110_000 },
  { scene: 'room-1', fromMs: 0 },
] as const;
/**
 * Every so manieth window, one with the clip in which somebody leaves, raises an alert in each round of the clip: of 200 cameras one in six seconds,
 * a thousand times what a hall has, enough to see how late they are.
 */
const ALERTING_EVERY = 48;
const QUICK = { absentAfter: '8s', missGrace: '2s', returnHold: '1s' };
/** 25 pictures a second, a key frame every 2 s: the sub-stream of a common camera. */
const PICTURE_MS = 40;

/**
 * A hall of `count` cameras played by a real RTSP server from clips that are drawn and encoded now: every eighth camera
 * sees an evaluation room, the others a window each.
 */
export async function openBenchHall(options: BenchHallOptions): Promise<BenchHall> {
  const { count, recording, folder, clock, log, signal } = options;
  const files: string[] = [];
  for (const [i, { scene, fromMs }] of CLIPS.entries()) {
    const path = join(folder, `clip-${i}.mp4`);
    const stage = await openStage(findScene(scene));
    await encodeScene(stage, path, { fromMs, lengthMs: CLIP_MS, everyMs: PICTURE_MS, clock, log, signal });
    files.push(path);
  }
  keepNetworks(join(folder, DATA));
  const isRoom = (i: number): boolean => i % 8 === 7;
  const mounts = Array.from({ length: count }, (_, i) => ({
    path: `/cam${i}`,
    file: isRoom(i) ? files[3]! : files[i % 3]!,
  }));
  const server = await startRtspServer({ mounts, light: true, clock, log, signal });
  return { server, config: hallOf(count, { server, folder, isRoom, recording }) };
}

const DATA = 'data';

/** Networks are converted once and kept for the next run: their conversion is no part of what is measured. */
function keepNetworks(data: string): void {
  const kept = join(tmpdir(), 'hallwatch-bench-models');
  mkdirSync(kept, { recursive: true });
  mkdirSync(data, { recursive: true });
  symlinkSync(kept, join(data, 'models'));
}

interface HallFacts {
  server: RtspServer;
  folder: string;
  isRoom(i: number): boolean;
  recording: boolean;
}

function hallOf(count: number, hall: HallFacts): Config {
  const ids = Array.from({ length: count }, (_, i) => i);
  const { staffZone, citizenZone } = windowZones(1);
  const config = {
    site: { id: 'bench', name: 'bench' },
    cameras: ids.map((i) => ({ id: `cam${i}`, source: hall.server.url(`/cam${i}`) })),
    windows: ids
      .filter((i) => !hall.isRoom(i))
      .map((i) => ({
        ...{ id: `W${i}`, camera: `cam${i}`, staffZone, citizenZone },
        ...(i % ALERTING_EVERY === 1 ? { rules: { absence: QUICK } } : {}),
      })),
    rooms: ids.filter(hall.isRoom).map((i) => ({ id: `R${i}`, cameras: [`cam${i}`] })),
    recording: { enabled: hall.recording },
    mqtt: { enabled: false },
    board: { host: '127.0.0.1', port: 0 },
    storage: { data: join(hall.folder, DATA) },
  };
  return parseConfig(JSON.stringify(config), 'bench');
}
