/**
 * Times are shown in the hall's own zone, never in the reader's: a supervisor in another city must read the same
 * clock as the hall. Formatters are kept, since building one costs more than a thousand uses.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

function parts(ms: number, zone: string): Record<string, string> {
  let formatter = formatters.get(zone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(zone, formatter);
  }
  return Object.fromEntries(formatter.formatToParts(ms).map((part) => [part.type, part.value]));
}

/** `09:30:05` in the zone. */
export function timeOf(ms: number, zone: string): string {
  const p = parts(ms, zone);
  return `${p.hour}:${p.minute}:${p.second}`;
}

/** `2026-10-08` in the zone. */
export function dateOf(ms: number, zone: string): string {
  const p = parts(ms, zone);
  return `${p.year}-${p.month}-${p.day}`;
}

/** `10-08 09:30:05` in the zone; with the year where it differs from that of `now`. */
export function dateTimeOf(ms: number, zone: string, now?: number): string {
  const day = dateOf(ms, zone);
  const short = now !== undefined && dateOf(now, zone).slice(0, 4) === day.slice(0, 4) ? day.slice(5) : day;
  return `${short} ${timeOf(ms, zone)}`;
}

/** `0:42`, `15:20`, `1:02:07`: a running time that keeps its width while it ticks. */
export function clockSpan(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long something has lasted at event time `now`; a dash before either is known. */
export const runningSpan = (since: number | undefined, now: number): string =>
  since !== undefined && since > 0 && now > 0 ? clockSpan(now - since) : '–';

/** Whole days, hours, minutes and seconds of a span, largest first, zeros left out; `[0, 's']` for nothing. */
export function spanParts(ms: number): Array<[count: number, unit: 'd' | 'h' | 'm' | 's']> {
  const total = Math.max(0, Math.round(ms / 1000));
  const all: Array<[number, 'd' | 'h' | 'm' | 's']> = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
  const shown = all.filter(([count]) => count > 0);
  return shown.length > 0 ? shown : [[0, 's']];
}

/** Midnight that begins the zone's day `YYYY-MM-DD`, UTC ms, right also where the zone shifts its clock. */
export function dayStart(day: string, zone: string): number {
  const naive = Date.parse(`${day}T00:00:00Z`);
  const shown = (ms: number): number => Date.parse(`${dateOf(ms, zone)}T${timeOf(ms, zone)}Z`);
  const first = naive - (shown(naive) - naive);
  return first - (shown(first) - naive);
}

/** The day after `YYYY-MM-DD`. */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
