import type { CameraFinding } from './health.js';
import type { CameraId, IncidentId, RoomId, WindowId } from './ids.js';
import type { AlertStep } from './incident.js';
import type { EventMs } from './time.js';

/** `away`: not seen, but not long enough for an alert. `absent`: an incident is open. */
export type WindowState = 'present' | 'away' | 'absent' | 'unknown' | 'exempt';

/** A window as the board shows it now. */
export interface WindowLive {
  id: WindowId;
  state: WindowState;
  /** When the state began, event time. */
  since: EventMs;
  staff: number | 'unknown';
  citizens: number | 'unknown';
  /** Why it is unknown or exempt: a stable code. */
  reason?: string;
  /** Seen share of the expected time since local midnight, 0-1; undefined before anything was expected. */
  coverageToday?: number;
  incident?: IncidentId;
}

export interface RoomLive {
  id: RoomId;
  persons: number | 'unknown';
  since: EventMs;
  /** `off` where no engine listens, with the reason beside it. */
  speech: 'listening' | 'demo' | 'off';
  speechReason?: string;
  reason?: string;
}

export interface CameraLive {
  id: CameraId;
  findings: CameraFinding[];
  lastFrameAt: EventMs | undefined;
  keyframeIntervalS: number | undefined;
  reconnects: number;
  dropped: number;
}

/** Everything the board needs to draw itself before the first change arrives. */
export interface LiveSnapshot {
  /** Newest event time seen. */
  at: EventMs;
  windows: WindowLive[];
  rooms: RoomLive[];
  cameras: CameraLive[];
}

/** One change. `seq` of a step is its place in the ledger, without gaps. */
export type LiveChange =
  | { type: 'window'; window: WindowLive }
  | { type: 'room'; room: RoomLive }
  | { type: 'camera'; camera: CameraLive }
  | { type: 'step'; seq: number; step: AlertStep };

/** Where the pipeline publishes and the board listens. A listener that throws never stops the others. */
export interface LiveHub {
  snapshot(): LiveSnapshot;
  publish(change: LiveChange, at: EventMs): void;
  subscribe(listen: (change: LiveChange) => void): () => void;
}
