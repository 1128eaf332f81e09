import type { Config } from '../core/config/schema.js';
import type { PersonId } from '../core/evaluation.js';
import type { Polygon } from '../core/geometry.js';
import type { CameraId, RoomId, SubjectId, WindowId } from '../core/ids.js';
import type { LabelledBox } from '../core/observation.js';
import type { EventMs, WallMs } from '../core/time.js';
import type { WrittenWord } from '../core/words.js';

/**
 * What the board needs from parts it must not import: ingest, detectors, the composition. Every optional port that is
 * missing shows as `unavailable` on the page, never as an empty list.
 */

/** The configuration in force and, where it came from a file, the file that board edits go to. */
export interface ConfigPort {
  current(): Config;
  /** Undefined: there is no file and edits are refused with that reason. */
  file: string | undefined;
  /** Takes over an edited configuration that is already on disk. */
  apply(next: Config): 'reloaded' | 'restart-needed';
}

/** A picture of a camera as JPEG bytes. */
export interface CameraPicture {
  at: EventMs;
  jpeg: Uint8Array;
}

export interface LookZone {
  name: string;
  polygon: Polygon;
}

/** What the detector sees at this moment; boxes in fractions of the picture. */
export interface LookResult {
  at: EventMs;
  boxes: LabelledBox[];
  /** People that count for each zone asked, in that order. */
  zones: Array<{ name: string; count: number; boxes: LabelledBox['box'][] }>;
}

export interface DiscoveredCamera {
  address: string;
  name: string;
  model: string;
}

export interface ProbeRequest {
  source: string;
  user?: string;
  password?: string;
}

export interface ProbeResult {
  codec: string;
  width: number;
  height: number;
  keyframeIntervalS: number | undefined;
  profiles: Array<{ name: string; width: number; height: number; codec: string }>;
  clockOffsetS: number | undefined;
  jpeg: Uint8Array | undefined;
}

export interface CameraPort {
  /** The newest picture, or undefined before the first. */
  picture(camera: CameraId, signal: AbortSignal): Promise<CameraPicture | undefined>;
  look?(camera: CameraId, zones: LookZone[], signal: AbortSignal): Promise<LookResult>;
  discover?(signal: AbortSignal): Promise<DiscoveredCamera[]>;
  /** @throws AppError `unreachable`, `auth-failed`, `timeout`, `protocol` */
  probe?(request: ProbeRequest, signal: AbortSignal): Promise<ProbeResult>;
  /** A person says that what the camera sees now is its right view. False where its picture is not watched. */
  acceptView?(camera: CameraId): boolean;
  /**
   * The camera's own stream; ends when the signal fires. @throws AppError `unsupported` where it has none that a browser
   * plays, `unreachable`, `auth-failed`, `timeout`
   */
  video?(camera: CameraId, signal: AbortSignal): Promise<LiveVideo>;
}

/** Fragmented MP4 from its first byte, with its type and codec as `MediaSource` takes it. */
export interface LiveVideo {
  mime: string;
  bytes: AsyncIterable<Uint8Array>;
}

/** Reads the bytes of evidence that the ledger lists. `path` is as the ledger keeps it. */
export interface EvidencePort {
  /** @throws AppError `not-found` where the file is gone, `storage` where its hash is not the recorded one */
  read(path: string, sha256: string): Uint8Array | Promise<Uint8Array>;
}

export interface BacktestRequest {
  rule: string;
  parameters: Record<string, string | number | boolean | number[]>;
  window: string | undefined;
  from: EventMs;
  to: EventMs;
}

export interface BacktestSpan {
  subject: SubjectId;
  start: EventMs;
  end: EventMs | null;
}

export interface BacktestResult {
  before: number;
  after: number;
  added: BacktestSpan[];
  removed: BacktestSpan[];
  coverage: number;
}

/** What another component knows of an evaluation room. Each answers undefined where it has nothing to say yet. */
export interface RoomsPort {
  session?(room: RoomId): RoomSession | null;
  roster?(room: RoomId): RosterEntry[];
  entries?(room: RoomId): RoomEntry[];
}

export interface RoomSession {
  id: string;
  project: string;
  projectName: string;
  start: number;
  end: number | null;
  state: 'planned' | 'open' | 'closed';
  people: number;
}
export interface RosterEntry {
  person: string;
  /** Roster id. */
  id: string;
  role: 'expert' | 'exempt';
  category: string;
  batch: string;
  present: boolean | 'unknown';
  lastSeenAt: number | null;
}
export interface RoomEntry {
  at: number;
  /** `found`: was inside when watching began. `identified`: recognised later than the coming. */
  kind: 'enter' | 'leave' | 'found' | 'identified';
  person: string;
  /** `rostered`, `stranger`, ..., or `exempt` for an entry that somebody registered. */
  outcome: string;
  /** Who accompanies an exempt person, and why. */
  escort?: string;
  reason?: string;
}
/** How a word is read, and what its keeper should know of it. */
export interface WordReading {
  syllables: string[];
  polyphones: Array<{ character: string; readings: string[] }>;
  /** Under three syllables and without a context. */
  short: boolean;
}

export interface WordTrialHit {
  word: string;
  variant: string;
  tier: string;
  /** Event time. */
  at: EventMs;
}

/** The matcher, which lives among the detectors. */
export interface WordsPort {
  reading(word: WrittenWord): WordReading;
  /** Words in what was said in one room, in the order of time. */
  find(words: readonly WrittenWord[], said: readonly SaidPart[]): WordTrialHit[];
}

/** A stretch of a transcript as the matcher takes it. */
export interface SaidPart {
  start: EventMs;
  end: EventMs;
  text: string;
}

/** What became of a photo that was given for the roster; its message is `faces.enrol.<verdict>`. */
export interface EnrolledPhoto {
  verdict: string;
  /** Whether it is used for comparing; the photo itself is kept nowhere. */
  used: boolean;
}

/** Who an uploaded photo shows. */
export interface IdentifiedPhoto {
  outcome: 'rostered' | 'stranger' | 'unidentified';
  /** What the photo is worth: `good`, or why it cannot decide. */
  verdict: string;
  /** Best candidate; only with `rostered` is it said to be them. */
  person?: PersonId;
  similarity?: number;
  /** 0-1, advice only. */
  liveness?: number;
}

/** Faces of a list of persons (an evaluation's roster). Templates stay behind this port: none of it returns one. */
export interface FacesPort {
  /** False where the configuration switches face recognition off. */
  enabled(): boolean;
  /** @throws AppError `bad-input` (no picture), `conflict` (five photos already) */
  enrol(
    target: { list: string; person: PersonId; by: string },
    photo: Uint8Array,
    signal: AbortSignal,
  ): Promise<EnrolledPhoto>;
  /** Verdicts of the photos in use, by person. */
  photos(list: string): ReadonlyMap<PersonId, readonly string[]>;
  /** Returns how many templates were removed. */
  forget(list: string, person: PersonId): number;
  identify(list: string, photo: Uint8Array, signal: AbortSignal): Promise<IdentifiedPhoto>;
}

/** The rounds of patrol that the service walks. */
export interface PatrolPort {
  /** Begins a round now; returns its instant. @throws AppError `not-found` */
  start(plan: string): EventMs;
  /** A picture of a visit. @throws AppError `not-found`, `storage` */
  read(path: string, sha256: string): Uint8Array;
}

/** Photos of sign-ins, kept as files with their hash. */
export interface ArrivalPhotoPort {
  /** Takes any picture and keeps a JPEG without its metadata. @throws AppError `bad-input`, `storage`, `disk-full` */
  save(list: string, photo: Uint8Array): Promise<{ path: string; sha256: string }>;
  /** @throws AppError `not-found`, `storage` where its hash is not the recorded one */
  read(path: string, sha256: string): Uint8Array;
}

/** One network the product uses. */
export interface ModelRow {
  name: string;
  purpose: string;
  source: string;
  sha256: string;
  licence: string;
  verified: boolean | 'unknown';
}

/** A hall that is played, not watched. */
export interface SimulatedHall {
  /** The past is replayed. */
  catchingUp: boolean;
  behindMs: number;
  /** Event seconds a second. */
  speed: number;
}

export interface SystemPort {
  /** Names of the sinks that run, for their queue depth. */
  sinks: readonly string[];
  /** `down` where the last delivery failed. */
  sinkState?(name: string): 'ok' | 'behind' | 'down';
  models?(): ModelRow[];
  /** How far a simulated hall has come; undefined where the hall is real. */
  simulated?(): SimulatedHall | undefined;
  /** Health findings of a camera, newest first. */
  healthHistory?(
    camera: CameraId,
  ): Array<{ finding: string; state: 'raised' | 'cleared'; at: EventMs; detail?: string }>;
  /** Further Prometheus lines (complete lines without the final line break). */
  metrics?(): string[];
}

/** Told when people changed something the pipeline should know, such as a standby. Must not throw. */
export type DutyChanged = () => void;

/** A picture of a desk that people have set. */
export interface DeskPicture {
  id: number;
  window: WindowId;
  source: 'set' | 'collected' | 'fine' | 'untidy';
  /** Capture time. */
  at: EventMs;
  sha256: string;
  by: string;
  addedAt: WallMs;
}

/** What a window's desk is judged by. */
export interface DeskState {
  pictures: DeskPicture[];
  /** References are being collected until that event time. */
  collecting: { until: EventMs; kept: number; of: number } | null;
  /** Null where the configuration's folder or the defaults hold. `scope` is the window's id or `type:TYPE`. */
  standard: { scope: string; version: number; text: string; by: string; at: WallMs } | null;
  lookedAt: EventMs | null;
}

/** Desk standards, which live beside the detectors. Undefined answers: the window has no desk zone. */
export interface DesksPort {
  state(window: WindowId): DeskState | undefined;
  /**
   * Keeps the desk as it was last seen: as a reference (`set`, `fine`) or as an untidy picture. Returns its id.
   * @throws AppError `not-found` (no desk zone), `conflict` (not seen, or somebody in front of it), `storage`, `disk-full`
   */
  setReference(window: WindowId, by: string, source?: 'set' | 'fine' | 'untidy'): Promise<number>;
  /** Collects references from quiet looks of the coming minutes; returns until when. @throws AppError as above */
  collect(window: WindowId, minutes: number, by: string): EventMs;
  remove(id: number, by: string): boolean;
  /** @throws AppError `storage` where the file is not the recorded one */
  picture(id: number): { window: WindowId; jpeg: Uint8Array } | undefined;
  /** Returns the new version. @throws ConfigError with line and path for mistakes in the text */
  saveStandard(standard: { scope: string; text: string; by: string }): number;
}

/** An event of the queue system, handed to the pipeline in event time. */
export interface QueueEvent {
  window: WindowId;
  /** `call`, `end`, `no-show`, or the name of a step. */
  event: string;
  ticket: string | undefined;
  at: EventMs;
}

/** Takes what the queue system says. */
export type HearQueue = (event: QueueEvent) => void | Promise<void>;
