import { unreachable } from './errors.js';
import type { CameraId } from './ids.js';
import type { EventMs } from './time.js';

/** What can be wrong with a camera. */
export type CameraFinding =
  | 'offline'
  | 'flapping'
  | 'auth-failed'
  | 'frozen'
  | 'covered'
  | 'dark'
  | 'moved'
  | 'out-of-focus'
  | 'clock'
  | 'low-rate'
  | 'long-gop'
  | 'garbage'
  | 'detector-behind'
  | 'small-faces'
  | 'no-sound'
  | 'mute'
  | 'too-quiet'
  | 'clipping';

/** One change of a camera's health. A finding is raised once and cleared once. */
export interface HealthEvent {
  camera: CameraId;
  finding: CameraFinding;
  state: 'raised' | 'cleared';
  at: EventMs;
  /** A short fact for the operator, free of secrets: an ffmpeg message, an offset in seconds. */
  detail?: string;
}

/** True where the finding means that the picture tells nothing about people, so that rules must read `unknown`. */
export function blinds(finding: CameraFinding): boolean {
  switch (finding) {
    case 'offline':
    case 'auth-failed':
    case 'frozen':
    case 'covered':
    case 'dark':
    case 'moved':
    case 'garbage':
    case 'detector-behind':
      return true;
    case 'flapping':
    case 'out-of-focus':
    case 'clock':
    case 'low-rate':
    case 'long-gop':
    case 'small-faces':
    case 'no-sound':
    case 'mute':
    case 'too-quiet':
    case 'clipping':
      return false;
    default:
      return unreachable(finding, 'camera finding');
  }
}
