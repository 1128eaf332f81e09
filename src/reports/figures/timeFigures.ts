import { type Rate, rateOf, type Share, shareOf } from './rates.js';

/** Sums of a subject's or group's time, milliseconds. */
export interface TimeSums {
  scheduledMs: number;
  presentMs: number;
  absentMs: number;
  excusedMs: number;
  unexcusedMs: number;
  exemptMs: number;
}

/** The same for readers: seconds, and the shares that may be printed. */
export interface TimeFigures {
  scheduledS: number;
  /** present + absent. */
  observedS: number;
  presentS: number;
  absentS: number;
  /** Absent with a reason: registered leave, or an incident that a person excused. */
  excusedS: number;
  /** Absent within a confirmed incident: the only absence that counts. */
  unexcusedS: number;
  /** The rest of absent: short of the limit, not judged, a false alarm, or nobody could tell. */
  uncountedS: number;
  /** Scheduled, and nobody could see. */
  unknownS: number;
  /** Watched but not scheduled: off shift, lunch, holiday, standby. */
  exemptS: number;
  /** observed / scheduled, 0-1; null where nothing was scheduled. */
  coverage: number | null;
  /** 在岗率: present / observed. */
  presence: Share;
  /** 无故离岗占比: unexcused / observed. */
  unexcused: Share;
}

/** Days of a window, or window-days of a group. */
export interface DayCounts {
  /** Nothing confirmed, seen for at least 90 %. */
  clean: number;
  /** At least one confirmed incident. */
  unclean: number;
  /** An incident waits for a verdict, or too little was seen. */
  undecided: number;
}

export const noTime = (): TimeSums => ({
  scheduledMs: 0,
  presentMs: 0,
  absentMs: 0,
  excusedMs: 0,
  unexcusedMs: 0,
  exemptMs: 0,
});

/** Adds the second to the first, in place. Written out: called for every hour of every window and person. */
export function addTime(into: TimeSums, more: TimeSums): void {
  into.scheduledMs += more.scheduledMs;
  into.presentMs += more.presentMs;
  into.absentMs += more.absentMs;
  into.excusedMs += more.excusedMs;
  into.unexcusedMs += more.unexcusedMs;
  into.exemptMs += more.exemptMs;
}

/** Share of the scheduled time that was seen, 0-1; null where nothing was scheduled. Rounded to six digits. */
export const coverageOfTime = ({ scheduledMs, presentMs, absentMs }: TimeSums): number | null =>
  scheduledMs > 0 ? Math.round(((presentMs + absentMs) / scheduledMs) * 1e6) / 1e6 : null;

/** Seconds and shares of time sums. */
export function timeFigures(sums: TimeSums): TimeFigures {
  const { scheduledMs, presentMs, absentMs, excusedMs, unexcusedMs, exemptMs } = sums;
  const observedMs = presentMs + absentMs;
  const coverage = coverageOfTime(sums);
  return {
    scheduledS: scheduledMs / 1000,
    observedS: observedMs / 1000,
    presentS: presentMs / 1000,
    absentS: absentMs / 1000,
    excusedS: excusedMs / 1000,
    unexcusedS: unexcusedMs / 1000,
    uncountedS: (absentMs - excusedMs - unexcusedMs) / 1000,
    unknownS: (scheduledMs - observedMs) / 1000,
    exemptS: exemptMs / 1000,
    coverage,
    presence: shareOf(presentMs, observedMs, coverage),
    unexcused: shareOf(unexcusedMs, observedMs, coverage),
  };
}

/** 合格率: days without a confirmed incident, of all days that could be judged. */
export const cleanRate = ({ clean, unclean }: DayCounts, coverage: number | null): Rate =>
  rateOf(clean, clean + unclean, coverage);
