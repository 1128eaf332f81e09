import type { Sink } from '../../core/sink.js';

/** What a payload is. `camera` and `measurement` tell of the system, `alert` of the hall, `deadline` of its people, `notice` of what is no alert. */
export type MessageKind = 'alert' | 'camera' | 'deadline' | 'measurement' | 'notice';

/** A sink as the outbox uses it: it says which kinds it takes, and may say when its receiver came back. */
export interface AlertSink extends Sink {
  wants: readonly MessageKind[];
  /** It keeps what was said in a room from everybody but the bid supervisor's account. Others are not told the words. */
  hearsWords?: boolean;
  /** Calls `listen` each time the receiver can be reached again, so that nobody waits out a long pause. */
  onReady?(listen: () => void): () => void;
}
