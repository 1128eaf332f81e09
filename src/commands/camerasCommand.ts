import type { Command } from 'commander';
import { systemClock } from '../core/clock.js';
import { loadConfig, parseConfig } from '../core/config/load.js';
import type { CameraConfig, Config } from '../core/config/schema.js';
import { parseDuration } from '../core/duration.js';
import { AppError } from '../core/errors.js';
import { makeLogger } from '../core/log.js';
import { resolveSecret } from '../core/secrets.js';
import { discoverCameras } from '../ingest/onvif/discoverCameras.js';
import { type CameraProbe, probeCamera } from '../ingest/probeCamera.js';
import { credentialsOf } from '../pipeline/openSinks.js';
import { configPath } from './configPath.js';
import { printJson, printLine } from './output.js';

interface ProbeFlags {
  config?: string;
  user?: string;
  password?: string;
  json?: boolean;
}

/** `cameras discover` and `cameras probe`. */
export function addCamerasCommands(program: Command): void {
  const cameras = program.command('cameras').description('摄像机 · cameras');

  cameras
    .command('discover')
    .description('ONVIF 搜索 · ask the network for ONVIF cameras')
    .option('--wait <duration>', 'how long answers are gathered', '4s')
    .option('--json', 'print JSON lines only')
    .action(async (flags: { wait: string; json?: boolean }) => {
      const found = await discoverCameras({
        timeoutMs: parseDuration(flags.wait),
        signal: new AbortController().signal,
        clock: systemClock,
        log: makeLogger({ level: 'warn' }),
      });
      for (const camera of found) {
        if (flags.json) printJson({ type: 'camera', ...camera });
        else
          printLine(`${camera.host}  ${camera.source ?? '-'}  ${camera.name}  ${camera.hardware}  ${camera.location}`);
      }
      if (found.length === 0 && !flags.json) printLine('未发现摄像机 no camera answered');
    });

  cameras
    .command('probe')
    .description('查看一路摄像机 · stream facts and health of one camera')
    .argument('<camera>', 'an id of the configuration, or an address such as rtsp://HOST/PATH, onvif://HOST, file:PATH')
    .option('--config <file>', 'configuration file')
    .option('--user <name>', 'user, for an address')
    .option('--password <reference>', '${env:NAME} or ${file:PATH}, for an address')
    .option('--json', 'print one JSON line')
    .action(probe);
}

interface Target {
  camera: CameraConfig;
  config: Config;
  credentials: { user: string; password: string } | undefined;
}

function targetOf(name: string, flags: ProbeFlags): Target {
  if (name.includes(':')) {
    const config = parseConfig(
      JSON.stringify({ site: { id: 'probe', name: 'probe' }, cameras: [{ id: 'camera', source: name }] }),
      name,
    );
    if ((flags.user === undefined) !== (flags.password === undefined)) {
      throw new AppError('usage', 'cameras probe: --user and --password go together');
    }
    const credentials =
      flags.user === undefined
        ? undefined
        : { user: flags.user, password: resolveSecret(flags.password!, process.env) };
    return { camera: config.cameras[0]!, config, credentials };
  }
  const config = loadConfig(configPath(flags.config), process.env);
  const camera = config.cameras.find((candidate) => candidate.id === name);
  if (!camera) {
    const known = config.cameras.map((candidate) => candidate.id).join(', ');
    throw new AppError('usage', `camera ${name}: not in the configuration`, { hint: `cameras: ${known}` });
  }
  return { camera, config, credentials: credentialsOf(config, camera.credentials, process.env) };
}

async function probe(name: string, flags: ProbeFlags): Promise<void> {
  const { camera, config, credentials } = targetOf(name, flags);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const found = await probeCamera(camera, {
    ...{ clock: systemClock, log: makeLogger({ level: 'warn' }), ingest: config.ingest, signal: stop.signal },
    ...(credentials ? { credentials } : {}),
  });
  if (flags.json) printJson(jsonOf(camera.id, found));
  else for (const line of linesOf(found)) printLine(line);
  if (found.findings.length > 0) process.exitCode = 1;
}

function jsonOf(camera: string, { url, video, audio, keyframeIntervalS, onvif, findings }: CameraProbe) {
  return {
    type: 'probe',
    camera,
    url,
    video,
    audio,
    keyframe_interval_s: keyframeIntervalS ?? null,
    onvif: onvif ?? null,
    findings,
  };
}

function linesOf({ url, video, audio, keyframeIntervalS, onvif, findings }: CameraProbe): string[] {
  return [
    `stream     ${url}`,
    `video      ${video.codec} ${video.width}x${video.height}${video.fps ? ` ${video.fps} fps` : ''}`,
    `key frames ${keyframeIntervalS === undefined ? 'fewer than two seen' : `every ${keyframeIntervalS} s`}`,
    `sound      ${audio.map((track) => track.codec).join(', ') || 'none'}`,
    ...(onvif
      ? [`onvif      ${onvif.profiles.length} profiles, clock ${(onvif.deviceClockOffsetMs ?? 0) / 1000} s off`]
      : []),
    ...findings.map(({ finding, detail }) => `finding    ${finding}${detail ? `: ${detail}` : ''}`),
    ...(findings.length === 0 ? ['health     ok'] : []),
  ];
}
