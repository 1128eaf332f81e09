import type { EvaluationId, PersonId } from './evaluation.js';
import type { CameraId, RoomId } from './ids.js';
import type { EventMs } from './time.js';

/** What is said of one person seen in a sealed room. `unidentified`: no usable face, or nothing to compare it with. */
export type RoomOutcome = 'rostered' | 'rostered-wrong-room' | 'known-not-rostered' | 'stranger' | 'unidentified';

/**
 * Somebody came or went, as a camera saw it. `found`: was inside already when watching began, so that the coming was not seen.
 * `identified`: somebody who had been entered without a name was recognised later; `at` is that moment.
 */
export interface RoomEntry {
  room: RoomId;
  /** Back-dated to the first or the last look that showed the person. */
  at: EventMs;
  kind: 'enter' | 'leave' | 'found' | 'identified';
  /** Undefined where the face did not tell. Of another evaluation's person: `EVALUATION/PERSON`. */
  person: PersonId | undefined;
  /** For people; empty where `person` is undefined. */
  name: string;
  outcome: RoomOutcome;
  camera: CameraId;
  /** The track that was followed; with `camera` and `at` it names the row. */
  track: number;
  /** Area id of the door; empty where none is drawn or none was used. */
  door: string;
  /** Where to, or from: an area id, or `outside`. Empty where it is not known. */
  place: string;
  /** The evaluation that was open. */
  evaluation: EvaluationId | undefined;
}
