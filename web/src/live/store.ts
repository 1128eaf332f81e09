import { reactive, shallowReactive } from 'vue';
import type { CameraState, Incident, LiveState, RoomRow, SeqStep, WindowRow } from '../api/types.js';
import { atLeast, setClock } from './clock.js';

/** How the board stands with the server. `lost` is shown at once and greys what is on the page. */
export type LinkStatus = 'connecting' | 'live' | 'lost';

/** Something that happened and that a person should notice once. */
export interface Arrival {
  kind: 'open' | 'escalated' | 'ended';
  incident: Incident;
  seq: number;
}

export const link = reactive({
  status: 'connecting' as LinkStatus,
  /** Wall clock of this device at the last sign of life, UTC ms; 0 before the first. */
  heardAt: 0,
  /** A simulated hall says so. */
  simulated: false,
  /** Up to this place in the ledger every step has been taken or is not for this user. */
  seq: 0,
});

/** Whether a snapshot was taken: a ledger may still be empty then, so its number alone does not tell. */
let visited = false;

/** Steps beyond `link.seq` that the stream has already brought. */
const ahead = new Set<number>();

export const windows = shallowReactive(new Map<string, WindowRow>());
export const rooms = shallowReactive(new Map<string, RoomRow>());
export const cameras = shallowReactive(new Map<string, CameraState>());
/** Open incidents, and those that ended while the page was open, newest `KEPT_ENDED`. */
export const incidents = shallowReactive(new Map<string, Incident>());

const KEPT_ENDED = 30;
const listeners = new Set<(arrivals: readonly Arrival[]) => void>();
const changed = new Set<(incident: Incident) => void>();

/** Calls back with what arrived; a burst after a cut comes as one call. Gives the way to stop. */
export function onArrivals(listen: (arrivals: readonly Arrival[]) => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** Calls back whenever an incident changes, by the machine or by a person. Gives the way to stop. */
export function onIncident(listen: (incident: Incident) => void): () => void {
  changed.add(listen);
  return () => changed.delete(listen);
}

/** What the server says of time, and of whether the hall is real. */
export function takeClock({ at, now, simulated }: Pick<LiveState, 'at' | 'now' | 'simulated'>): void {
  setClock(at, now);
  link.simulated = simulated !== null;
}

/** Replaces everything by the server's snapshot. Incidents that ended here stay for a while, as a reminder. */
export function takeSnapshot(state: LiveState): void {
  takeClock(state);
  replace(windows, state.windows);
  replace(rooms, state.rooms);
  replace(cameras, state.cameras);
  const open = new Set(state.open.map((incident) => incident.id));
  for (const [id, incident] of incidents) if (!open.has(id) && incident.state !== 'ended') incidents.delete(id);
  for (const incident of state.open) incidents.set(incident.id, incident);
  // On a first visit what is in the snapshot is known; after a cut the missed steps must still be told, also the very first.
  if (!visited) link.seq = state.seq;
  visited = true;
}

function replace<T extends { id: string }>(map: Map<string, T>, rows: readonly T[]): void {
  const ids = new Set(rows.map((row) => row.id));
  for (const id of map.keys()) if (!ids.has(id)) map.delete(id);
  for (const row of rows) map.set(row.id, row);
}

export function takeWindow(row: WindowRow): void {
  windows.set(row.id, row);
  atLeast(row.since);
}

export const takeRoom = (row: RoomRow): void => void rooms.set(row.id, row);
export const takeCamera = (row: CameraState): void => void cameras.set(row.id, row);

/** An incident changed, by the machine or by a person. What is older than what is here is passed over. */
export function takeIncident(incident: Incident): void {
  const known = incidents.get(incident.id);
  if (known && known.seq > incident.seq) return;
  incidents.set(incident.id, incident);
  for (const listen of changed) listen(incident);
}

/**
 * Takes steps from the stream or from the catch-up after a cut, whichever is first. A step that is already here is passed
 * over, so nothing is told twice; only the catch-up, which reads without gaps, moves `link.seq` on.
 */
export function takeSteps(steps: readonly SeqStep[]): void {
  const fresh = steps.filter(({ seq }) => seq > link.seq && !ahead.has(seq));
  if (fresh.length === 0) return;
  for (const { seq, step, incident } of fresh) {
    ahead.add(seq);
    atLeast(step.at);
    takeIncident(incident);
  }
  forgetEnded();
  const arrivals = fresh.map(({ seq, step, incident }) => ({ kind: step.step, incident, seq }));
  for (const listen of listeners) listen(arrivals);
}

/** The ledger is read without gaps up to here, also over steps this user may not see. */
export function passSeq(seq: number): void {
  link.seq = Math.max(link.seq, seq);
  for (const one of ahead) if (one <= link.seq) ahead.delete(one);
}

function forgetEnded(): void {
  const ended = [...incidents.values()].filter((incident) => incident.state === 'ended');
  ended.sort((a, b) => (b.end ?? 0) - (a.end ?? 0));
  for (const incident of ended.slice(KEPT_ENDED)) incidents.delete(incident.id);
}

/** Forgets everything, at sign-out: the next user may see other things. */
export function clearLive(): void {
  windows.clear();
  rooms.clear();
  cameras.clear();
  incidents.clear();
  ahead.clear();
  visited = false;
  Object.assign(link, { status: 'connecting', heardAt: 0, simulated: false, seq: 0 });
}
