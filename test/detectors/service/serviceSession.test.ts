import { describe, expect, it } from 'vitest';
import { windowId } from '../../../src/core/ids.js';
import type { Observation } from '../../../src/core/observation.js';
import type { ServiceSession } from '../../../src/core/service.js';
import { eventMs } from '../../../src/core/time.js';
import {
  endSession,
  initialSession,
  type SessionOptions,
  stepSession,
} from '../../../src/detectors/service/serviceSession.js';

const ORIGIN = 1_791_421_200_000;
const options: SessionOptions = {
  ...{ window: windowId('A01'), beginAfter: 20_000, endAfter: 20_000, lostAfter: 600_000, staleAfter: 10_000 },
};

/** One look every two seconds: `C` citizen alone, `B` both, `S` staff alone, `.` nobody, `?` unknown; `12B` is repeated. */
function looks(text: string): Observation[] {
  const series = [...text.matchAll(/(\d*)([CBS.?])/g)].flatMap(([, n, look]) =>
    Array.from({ length: Number(n || 1) }, () => look!),
  );
  return series.flatMap((look, i) => {
    const base = { subject: windowId('A01'), at: eventMs(ORIGIN + i * 2000) };
    const count = (who: string) => (look === '?' ? ('unknown' as const) : who.includes(look) ? 1 : 0);
    return [
      { ...base, kind: 'staff', value: count('BS') },
      { ...base, kind: 'citizens', value: count('BC') },
    ];
  });
}

function sessionsOf(observations: readonly Observation[], own: Partial<SessionOptions> = {}): string[] {
  const found: ServiceSession[] = [];
  let state = initialSession;
  for (const observation of observations) {
    const [next, sessions] = stepSession(state, observation, { ...options, ...own });
    state = JSON.parse(JSON.stringify(next));
    found.push(...sessions);
  }
  found.push(...endSession(state, eventMs(observations.at(-1)!.at + 1), { ...options, ...own }));
  return found.map(({ kind, start, end, waitMs, unknownMs, endedBy, ticket, smile }) => {
    const s = (ms: number): number => ms / 1000;
    const extra = [...(ticket ? [ticket] : []), ...(smile ? [`smile ${s(smile.smileMs)}/${s(smile.faceMs)}`] : [])];
    return [
      kind,
      `${s(start - ORIGIN)}-${s(end - ORIGIN)}`,
      `wait ${s(waitMs)}`,
      `unknown ${s(unknownMs)}`,
      endedBy,
      ...extra,
    ].join(' ');
  });
}

const queue = (atS: number, event: string, ticket = 'A017'): Observation => ({
  ...{ subject: windowId('A01'), kind: 'queue', at: eventMs(ORIGIN + atS * 1000), value: true, reason: event },
  facts: { ticket },
});
const inOrder = (observations: Observation[]): Observation[] => observations.sort((a, b) => a.at - b.at);

describe('service session', () => {
  it.each([
    [
      'a citizen with staff for over 20 s is served until gone for 20 s',
      '5S30B20S',
      ['served 10-68 wait 0 unknown 0 gone'],
    ],
    ['a citizen who asks something for 18 s is none', '5S9B20S', []],
    ['waiting before service is counted apart', '10C40B15S', ['served 20-98 wait 20 unknown 0 gone']],
    ['who waits and leaves unserved is an abandoned wait', '30C20.', ['abandoned 0-58 wait 60 unknown 0 gone']],
    ['who passes is nothing', '5C20.', []],
    ['back within 20 s is the same session', '20B5S20B15S', ['served 0-88 wait 0 unknown 0 gone']],
    [
      'two citizens with a gap of over 20 s are two',
      '20B12S20B15S',
      ['served 0-38 wait 0 unknown 0 gone', 'served 64-102 wait 0 unknown 0 gone'],
    ],
    ['staff who fetch something do not end it', '15B20C15B15S', ['served 0-98 wait 0 unknown 0 gone']],
    ['blind time is unknown and ends nothing', '15B30?15B15S', ['served 0-118 wait 0 unknown 60 gone']],
    ['blind for over ten minutes it ends where it was last seen', '15B310?', ['served 0-28 wait 0 unknown 600 lost']],
    ['a recording that ends closes it', '30B', ['served 0-58 wait 0 unknown 0 source-end']],
  ])('%s', (_, series, wanted) => {
    expect(sessionsOf(looks(series))).toEqual(wanted);
  });

  it('takes the bounds of the queue system where it is wired', () => {
    const told = sessionsOf(inOrder([...looks('10C60B20S'), queue(30, 'call'), queue(120, 'end')]));
    expect(told).toEqual(['served 30-120 wait 30 unknown 0 queue A017']);
  });

  it('parts two tickets although the citizens follow one another at once', () => {
    const told = sessionsOf(
      inOrder([...looks('90B'), queue(0, 'call', 'A1'), queue(60, 'call', 'A2'), queue(150, 'end', 'A2')]),
    );
    expect(told.map((text) => text.split(' ').at(-1))).toEqual(['A1', 'A2']);
  });

  it('who stays on after the queue ended it begins no new one; who comes next does', () => {
    const told = sessionsOf(inOrder([...looks('60B20S20B15S'), queue(10, 'call'), queue(60, 'end')]));
    expect(told).toEqual(['served 10-60 wait 10 unknown 0 queue A017', 'served 160-198 wait 0 unknown 0 gone']);
  });

  it('a ticket nobody came for is no service', () => {
    expect(sessionsOf(inOrder([...looks('60S'), queue(10, 'call'), queue(40, 'no-show')]))).toEqual([]);
  });

  it('counts smiles only while a face was judged', () => {
    const faces: Observation[] = [10, 14, 18].map((atS, i) => ({
      ...{ subject: windowId('A01'), kind: 'smile', at: eventMs(ORIGIN + atS * 1000), value: i === 1 },
    }));
    const told = sessionsOf(inOrder([...looks('30B15S'), ...faces]), { smileHold: 6000 });
    expect(told).toEqual(['served 0-58 wait 0 unknown 0 gone smile 4/14']);
  });
});
