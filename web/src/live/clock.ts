import { reactive, readonly } from 'vue';
import { systemClock } from '../../../src/core/clock.js';

/**
 * Event time as this page knows it. The server says it now and then; in between it runs on at the measured speed: 1 for
 * a live hall, 60 for a recording or a simulated hall that catches up. It stands still while the connection is lost.
 */
interface EventClock {
  /** Event time now, whole UTC ms; 0 before the server has said. */
  now: number;
  /** Seconds of event time a second. */
  speed: number;
  /** How far event time lags behind the server's own clock, ms. */
  lagMs: number;
  running: boolean;
}

const state = reactive<EventClock>({ now: 0, speed: 1, lagMs: 0, running: false });
export const eventClock = readonly(state);

let heardAt = 0;
let heard = 0;

/** Speed from two readings, kept to 1 while it is near: a live hall's clock should not wander. */
export function speedOf(passedMs: number, eventPassedMs: number): number {
  if (passedMs < 1000) return 1;
  const measured = eventPassedMs / passedMs;
  return measured < 0 ? 1 : Math.abs(measured - 1) < 0.25 ? 1 : Math.min(600, measured);
}

/** Takes a reading: event time and the server's clock, both UTC ms. */
export function setClock(at: number, serverNow: number): void {
  // A hall in which nothing has happened yet has no event time; its zero is no instant.
  if (at <= 0) return;
  const here = systemClock.monotonicMs();
  if (heardAt > 0 && at >= heard && here - heardAt >= 1000) state.speed = speedOf(here - heardAt, at - heard);
  // A smaller reading than shown is the tail of the estimate; a much smaller one is a hall that began anew.
  state.now = state.running && at < state.now && state.now - at < 3000 ? state.now : at;
  state.lagMs = serverNow - at;
  state.running = true;
  heard = at;
  heardAt = here;
}

/** Moves event time on to now; called once a second and after a change. */
export function tickClock(): void {
  if (!state.running) return;
  // Whole milliseconds, as every instant is: the server refuses half ones.
  const next = Math.floor(heard + (systemClock.monotonicMs() - heardAt) * state.speed);
  if (next > state.now) state.now = next;
}

/** Something happened at this event time, so it cannot be earlier now. */
export function atLeast(at: number): void {
  if (state.running && at > state.now) state.now = at;
}

export function stopClock(): void {
  state.running = false;
  heardAt = 0;
}
