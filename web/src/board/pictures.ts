import { shallowReactive } from 'vue';
import { addressOf, call } from '../api/call.js';
import type { IncidentDetail } from '../api/types.js';

/** What can be shown of an incident: its snapshot, or why there is none. */
export interface IncidentPicture {
  state: 'loading' | 'ready' | 'none' | 'reason-needed';
  src?: string;
  boxes?: IncidentDetail['media']['items'][number]['boxes'];
}

const known = shallowReactive(new Map<string, IncidentPicture>());
const queue: string[] = [];
let running = 0;

const AT_ONCE = 2;
const KEPT = 200;
const AGAIN_AFTER_MS = 6000;
const TRIES = 4;
const tries = new Map<string, number>();

/** The best snapshot of a detail: the newest one. */
export function pictureOf(detail: IncidentDetail): IncidentPicture {
  const shots = detail.media.items.filter((item) => item.kind === 'snapshot');
  const shot = [...shots].sort((a, b) => a.at - b.at).at(-1);
  if (!shot) return { state: 'none' };
  if (detail.media.needsReason && !detail.media.granted) return { state: 'reason-needed', boxes: shot.boxes };
  const src = addressOf('getIncidentMedia', { params: { id: detail.incident.id, name: shot.name } });
  return { state: 'ready', src, boxes: shot.boxes };
}

/** The picture of an incident, fetched once. A snapshot that is still being written is asked for again a few times. */
export function incidentPicture(id: string): IncidentPicture {
  const picture = known.get(id);
  if (picture) return picture;
  const loading: IncidentPicture = { state: 'loading' };
  known.set(id, loading);
  queue.push(id);
  void work();
  return loading;
}

async function work(): Promise<void> {
  if (running >= AT_ONCE) return;
  const id = queue.shift();
  if (id === undefined) return;
  running += 1;
  try {
    const picture = pictureOf(await call('getIncident', { params: { id } }));
    known.set(id, picture);
    if (picture.state === 'none') again(id);
  } catch {
    known.set(id, { state: 'none' });
    again(id);
  } finally {
    running -= 1;
    forget();
    void work();
  }
}

function again(id: string): void {
  const count = (tries.get(id) ?? 0) + 1;
  tries.set(id, count);
  if (count >= TRIES) return;
  window.setTimeout(() => {
    queue.push(id);
    void work();
  }, AGAIN_AFTER_MS);
}

function forget(): void {
  for (const id of known.keys()) {
    if (known.size <= KEPT) return;
    known.delete(id);
    tries.delete(id);
  }
}
