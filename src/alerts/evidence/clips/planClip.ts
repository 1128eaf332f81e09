import type { AlertStep } from '../../../core/incident.js';
import { type EventMs, eventMs, plusMs } from '../../../core/time.js';

export interface ClipParameters {
  clipBefore: number;
  clipAfter: number;
}

/** An alert raised within this time of its beginning shows it whole. */
const SHORT_MS = 60_000;

/**
 * The span of the clip of a step. Around the moment it was raised or escalated; where that was within a minute of its
 * beginning, from before the beginning. The end of an alert has no clip of its own.
 */
export function clipSpan(
  step: Pick<AlertStep, 'step' | 'at' | 'start'>,
  { clipBefore, clipAfter }: ClipParameters,
): { from: EventMs; to: EventMs } | undefined {
  if (step.step === 'ended') return undefined;
  const begins = step.at - step.start <= SHORT_MS ? Math.min(step.start, step.at) : step.at;
  return { from: eventMs(begins - clipBefore), to: plusMs(step.at, clipAfter) };
}
