import type { CameraFinding } from './health.js';
import type { CameraId, IncidentId, RoomId, WindowId } from './ids.js';
import type { AlertStep } from './incident.js';
import type { RoomOutcome } from './roomEntry.js';
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
  /** Only where a desk is drawn and its rule runs. */
  desk?: DeskLive;
  /** Only where service sessions are made. */
  service?: ServiceLive;
}

/** A desk as its rule sees it. `suspect`: in disorder, but not long enough for an alert. */
export interface DeskLive {
  state: 'tidy' | 'suspect' | 'disorder' | 'unknown';
  since: EventMs;
  /** Why it is unknown: `moving`, `serving`, `covered`, `moved`, `dark`, `no-look`, or the camera's finding. */
  reason?: string;
  /** Event time of the newest look. */
  at?: EventMs;
  /** Names of things that should not be so; `clutter` for a crowded part. */
  items: string[];
  missing: string[];
  /** Percent of the desk that differs from every reference, 0-100. */
  differencePercent: number;
  /** 1 is the limit of a default standard; null before the first look. */
  clutter: number | null;
  /** What became of the reference pictures: `none`, `compared`, `other-view`, `moved`, `off`. */
  references: string;
}

/** The service session under way. */
export interface ServiceLive {
  /** `arriving`: a citizen with staff, not long enough for a session yet. */
  state: 'idle' | 'waiting' | 'arriving' | 'serving';
  since?: EventMs;
}

/** The persons of a sealed room against the roster of the evaluation that runs there. */
export interface SealedLive {
  /** Absent while no evaluation is open in the room. */
  evaluation?: string;
  project?: string;
  /** Head count the roster allows; null where there is no roster. */
  allowed: number | null;
  /** Recognised persons of the roster who are in the room, seen now or not. */
  inside: Array<{ person: string; name: string; seen: boolean; since: EventMs }>;
  /** Persons seen now by what is said of them; those of `rostered` count in `inside` too. */
  outcomes: Record<RoomOutcome, number>;
}

export interface RoomLive {
  id: RoomId;
  persons: number | 'unknown';
  since: EventMs;
  /** `off` where no engine listens, with the reason beside it. */
  speech: 'listening' | 'demo' | 'off';
  speechReason?: string;
  reason?: string;
  /** Only where the room is judged by evaluations. */
  sealed?: SealedLive;
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
