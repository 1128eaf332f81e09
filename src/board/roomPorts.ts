import type { PersonId } from '../core/evaluation.js';
import type { RoomId } from '../core/ids.js';
import type { EventMs } from '../core/time.js';
import type { WrittenWord } from '../core/words.js';

/** What the board needs of rooms and persons from parts it must not import; see `ports.ts`. */

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

/** Photos of sign-ins, kept as files with their hash. */
export interface ArrivalPhotoPort {
  /** Takes any picture and keeps a JPEG without its metadata. @throws AppError `bad-input`, `storage`, `disk-full` */
  save(list: string, photo: Uint8Array): Promise<{ path: string; sha256: string }>;
  /** @throws AppError `not-found`, `storage` where its hash is not the recorded one */
  read(path: string, sha256: string): Uint8Array;
}
