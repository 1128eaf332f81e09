import type { CameraConfig, Config } from '../core/config/schema.js';
import type { DecodeVideoOptions, Pick } from './ffmpeg/ffmpegCommand.js';
import type { PacketFacts, VideoFacts } from './probe.js';

/** How a recording is read. */
export interface RecordingPlan {
  keyframesOnly: boolean;
  pick: Pick;
  size: { width: number; height: number };
  /** Stream time, as the decoder will give it, that stands for the start of the recording, milliseconds. */
  startPtsMs: number | undefined;
  /** Seconds that are in the file; undefined where its packets carry no time. */
  lengthS: number | undefined;
  /** The file ends before its declared length, or says itself that it broke off. */
  truncated: boolean;
  /** Longest distance of key frames, the end of the file included; undefined without any. */
  keyframeIntervalS: number | undefined;
}

/** A look may come this much later than asked: 2.002 s of NTSC video for 2 s. */
const MET_WITHIN = 1.05;
/** A container rounds its length, and sound may end after the video. */
const MISSING_S = 1;

/** Decides how to read a recording from what is known of its packets. Pure. */
export function planRecording(
  video: VideoFacts,
  packets: PacketFacts,
  declaredS: number | undefined,
  settings: { camera: CameraConfig; ingest: Config['ingest'] },
): RecordingPlan {
  const everyMs = settings.camera.lookEvery;
  const intervalS = longestGapS(packets);
  const timed = packets.untimed === 0 && packets.firstMs !== undefined;
  const keyframesOnly =
    timed &&
    intervalS !== undefined &&
    intervalS * 1000 <= settings.ingest.sparseKeyframes &&
    keyframesMeetLooks(packets, everyMs);
  const lengthS = timed ? (packets.lastMs! - packets.firstMs!) / 1000 + frameS(video, packets) : undefined;
  return {
    keyframesOnly,
    pick: { kind: 'due', everyS: everyMs / 1000 },
    size: analysisSize(video, settings.camera.analysisWidth),
    startPtsMs: timed ? startPts(packets, keyframesOnly) : undefined,
    lengthS,
    truncated:
      packets.brokeOff || (declaredS !== undefined && lengthS !== undefined && declaredS - lengthS > MISSING_S),
    keyframeIntervalS: intervalS,
  };
}

/** Even width and height as shown, at most `maxWidth` wide, never enlarged. */
export function analysisSize(video: VideoFacts, maxWidth: number): { width: number; height: number } {
  const even = (value: number): number => Math.max(2, Math.round(value / 2) * 2);
  const shownWidth = video.aspect < 1 !== video.width < video.height ? video.height : video.width;
  const width = even(Math.min(maxWidth, shownWidth));
  return { width, height: even(width / video.aspect) };
}

function longestGapS({ keyframesMs, keyframeIntervalS, lastMs }: PacketFacts): number | undefined {
  const lastKey = keyframesMs.at(-1);
  if (lastKey === undefined || lastMs === undefined) return undefined;
  return Math.max(keyframeIntervalS ?? 0, (lastMs - lastKey) / 1000);
}

/** True where the key frames that are picked lie as close as the looks that are asked for, from end to end. */
function keyframesMeetLooks({ keyframesMs, firstMs, lastMs }: PacketFacts, everyMs: number): boolean {
  const cell = (ms: number): number => Math.floor((ms - keyframesMs[0]! + 0.5) / everyMs);
  const picked = keyframesMs.filter((ms, i) => i === 0 || cell(ms) !== cell(keyframesMs[i - 1]!));
  const within = everyMs * MET_WITHIN;
  return (
    keyframesMs[0] === firstMs &&
    picked.every((ms, i) => i === 0 || ms - picked[i - 1]! <= within) &&
    lastMs! - picked.at(-1)! < everyMs
  );
}

function frameS(video: VideoFacts, packets: PacketFacts): number {
  if (packets.packets > 1) return (packets.lastMs! - packets.firstMs!) / 1000 / (packets.packets - 1);
  return video.fps === undefined ? 0 : 1 / video.fps;
}

/** NUT holds no negative time: where the first picture has one, ffmpeg moves all so that it gets zero. */
function startPts(packets: PacketFacts, keyframesOnly: boolean): number {
  const firstPicture = keyframesOnly ? packets.keyframesMs[0]! : packets.firstMs!;
  return packets.firstMs! - Math.min(0, firstPicture);
}

/** The part of the plan that the decoder needs. */
export const decodeOptions = (plan: RecordingPlan): DecodeVideoOptions => ({
  size: plan.size,
  keyframesOnly: plan.keyframesOnly,
  pick: plan.pick,
  threads: 0,
});
