import type { Detail, Incident } from './hall.js';

const MINUTE = 60_000;
const sha = 'b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9';

const ALLOWED: Record<Incident['workflow']['state'], string[]> = {
  found: ['acknowledge', 'verdict', 'assign', 'comment'],
  verifying: ['verdict', 'assign', 'comment'],
  assigned: ['start', 'assign', 'verdict', 'comment'],
  handling: ['answer', 'comment'],
  answered: ['review', 'comment'],
  reviewed: ['close', 'comment'],
  closed: ['reopen', 'comment'],
  'false-alarm': ['reopen', 'comment'],
};

/** The whole of an incident as the server tells it: observations with a blind stretch, a snapshot with its boxes. */
export function detailOf(incident: Incident, steps: Detail['workflow']['steps'], now: number): Detail {
  const { start, end } = incident;
  const to = end ?? now;
  const blind = start + (to - start) * 0.4;
  const staff = (first: number, last: number, value: number | 'unknown', reason?: string) => ({
    kind: 'staff',
    first,
    last,
    value,
    ...(reason ? { reason } : {}),
  });
  return {
    incident,
    steps: [
      { seq: incident.seq, step: 'open', at: start + 15 * MINUTE, tier: 0, priority: incident.priority },
      ...(end === null
        ? []
        : [{ seq: incident.seq + 1, step: 'ended' as const, at: end, tier: 0, priority: incident.priority }]),
    ],
    observations: [
      { kind: 'expected', first: start - 10 * MINUTE, last: to, value: true },
      staff(start - 10 * MINUTE, start - 2000, 1),
      staff(start, blind, 0),
      staff(blind + 2000, blind + 45_000, 'unknown', 'covered'),
      staff(blind + 47_000, to, 0),
      ...(end === null ? [] : [staff(end + 2000, end + 4 * MINUTE, 1)]),
      { kind: 'citizens', first: start - 6 * MINUTE, last: start + 3 * MINUTE, value: 0 },
      {
        kind: 'citizens',
        first: start + 3 * MINUTE + 2000,
        last: start + 9 * MINUTE,
        value: incident.priority === 'high' ? 2 : 0,
      },
      { kind: 'citizens', first: start + 9 * MINUTE + 2000, last: to, value: 0 },
    ],
    spanFrom: start - 10 * MINUTE,
    spanTo: (end ?? now - 5 * MINUTE) + 5 * MINUTE,
    rule: {
      name: 'absence',
      version: incident.ruleVersion,
      parameters: {
        absent_after_s: 900,
        inclusive: true,
        miss_grace_s: 20,
        return_hold_s: 5,
        min_staff: 1,
        stale_after_s: 10,
        tiers_s: [1800, 3600],
        citizen_wait_after_s: 30,
      },
    },
    workflow: {
      steps,
      allowed: [...ALLOWED[incident.workflow.state], ...(incident.workflow.appeal === 'open' ? ['appeal-decide'] : [])],
    },
    excuses:
      incident.subject === 'B01'
        ? [{ kind: 'outing', from: start + 4 * MINUTE, to: start + 34 * MINUTE, person: '陈敏', note: '到二楼取件' }]
        : [],
    media: {
      items: [
        {
          name: 'open.jpg',
          kind: 'snapshot',
          mime: 'image/jpeg',
          at: start + 15 * MINUTE,
          sha256: sha,
          bytes: 48_211,
          boxes: incident.priority === 'high' ? [{ box: [0.56, 0.42, 0.68, 0.86], label: '群众', score: 0.81 }] : [],
        },
      ],
      needsReason: false,
      granted: true,
      state: 'ready',
    },
  };
}
