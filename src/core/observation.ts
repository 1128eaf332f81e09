import type { Box } from './geometry.js';
import type { CameraId, SubjectId } from './ids.js';
import type { RuleDetail } from './rule.js';
import type { EventMs } from './time.js';
import type { Truth } from './truth.js';

/**
 * Kinds in use. `staff` and `citizens` count people in a window's zones, `persons` counts people in a room.
 * `expected` is the roster's word on whether the subject should be attended. `tick` carries time forward.
 */
export type ObservationKind =
  | 'tick'
  | 'expected'
  | 'staff'
  | 'citizens'
  | 'persons'
  | 'desk'
  | 'quiet'
  | 'faces'
  | 'phone'
  | 'speech'
  | 'listening'
  | 'transcript'
  | 'session'
  | (string & { readonly kind?: 'plug-in' });

/** A box a detector wants shown as proof. */
export interface LabelledBox {
  box: Box;
  label: string;
  /** 0-1. */
  score: number;
}

/** One thing seen, or not seen, or not known, at one moment. */
export interface Observation {
  subject: SubjectId;
  kind: ObservationKind;
  at: EventMs;
  /** A count, or a truth. `unknown` where nobody could have seen it. */
  value: Truth | number;
  /** 0-1, the detector's own confidence in `value`. */
  score?: number;
  boxes?: LabelledBox[];
  camera?: CameraId;
  /** Set where nothing has moved since an earlier look, whose answer this is: when that look was. */
  verifiedAt?: EventMs;
  /** Why the value is unknown, or which part of the roster made `expected` false: a stable code, not a sentence. */
  reason?: string;
  /** What else was seen, where one value is not enough (tracks of a room, regions of a desk). Not kept in the runs. */
  facts?: RuleDetail;
}
