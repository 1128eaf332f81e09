import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { subjectId } from '../../src/core/ids.js';
import { eventMs } from '../../src/core/time.js';
import { type ReportService, reportService } from '../../src/reports/reportService.js';
import { startBoard } from './support/boardHarness.js';
import { HALL_YAML } from './support/hall.js';

const OCTOBER = Date.UTC(2026, 8, 30, 16);
const DAY = 86_400_000;

/** A board in November over an October with looks at A01 and half an hour of absence on the 9th. */
async function october() {
  const config = parseConfig(HALL_YAML, 'hall.yaml');
  let service: ReportService | undefined;
  const late = <K extends keyof ReportService>(name: K): ReportService[K] =>
    ((...args: never[]) => (service![name] as (...all: never[]) => unknown)(...args)) as ReportService[K];
  const harness = await startBoard({
    reports: {
      ...{ months: late('months'), month: late('month'), file: late('file') },
      ...{ freeze: late('freeze'), frozenAt: late('frozenAt') },
    },
  });
  const { ledger, clock } = harness;
  clock.step(OCTOBER + 32 * DAY - clock.now());
  for (let at = OCTOBER; at < OCTOBER + 31 * DAY; at += 10_000) {
    const away = OCTOBER + 8.5 * DAY <= at && at < OCTOBER + 8.5 * DAY + 1_800_000;
    ledger.observations.append({ subject: subjectId('A01'), kind: 'staff', at: eventMs(at), value: away ? 0 : 1 });
  }
  service = reportService({ ledger, config: () => config, clock });
  return { ...harness, reports: service };
}

describe('the months on the board', () => {
  it('are listed, counted, given out as files, and frozen by a manager alone', async () => {
    const { signIn, raise, clock } = await october();
    const [manager, supervisor, staff] = [
      await signIn('manager'),
      await signIn('hall-supervisor'),
      await signIn('staff'),
    ];
    const { body } = await manager.get('/api/reports/months');
    expect(body.items.map((item: { month: string }) => item.month)).toEqual(['2026-11', '2026-10']);
    const report = (await manager.get('/api/reports/months/2026-10')).body;
    expect(report.figures.windows[0].time).toMatchObject({
      scheduledS: 30 * 86_400,
      absentS: 1800,
      coverage: expect.any(Number),
    });
    expect(report.summary[0].text).toContain('覆盖率');
    expect(
      (await manager.get('/api/reports/months/2026-10', { 'accept-language': 'en' })).body.summary[0].text,
    ).toContain('coverage');
    for (const [format, start] of [
      ['xlsx', 'PK'],
      ['pdf', '%PDF'],
      ['json', '{'],
      ['html', '<!doc'],
    ] as const) {
      const file = await manager.bytes(`/api/reports/months/2026-10/file?format=${format}`);
      expect([file.status, file.bytes.subarray(0, start.length).toString()]).toEqual([200, start]);
      expect(file.headers.get('content-disposition')).toBe(`attachment; filename="hallwatch-2026-10.${format}"`);
    }
    expect((await supervisor.post('/api/reports/months/2026-10/freeze', {})).status).toBe(403);
    // Evaluation rooms are no affair of a hall supervisor, words of nobody but bid supervisors.
    raise({ subject: 'R1', rule: 'sealedRoom', startMs: OCTOBER + DAY });
    raise({ subject: 'R1', rule: 'speech', startMs: OCTOBER + 2 * DAY });
    const bid = await signIn('bid-supervisor');
    await clock.advance(61_000);
    const rulesFor = async (client: typeof bid) =>
      (await client.get('/api/reports/months/2026-10')).body.figures.rooms.incidents.byRule.map(
        ({ rule }: { rule: string }) => rule,
      );
    expect(await rulesFor(bid)).toEqual(['sealedRoom', 'speech']);
    expect(await rulesFor(manager)).toEqual(['sealedRoom']);
    expect(await rulesFor(supervisor)).toEqual([]);
    expect((await staff.get('/api/reports/months/2026-10')).status).toBe(403);
    expect((await manager.post('/api/reports/months/2026-11/freeze', {})).body.error.code).toBe('not-allowed-now');
    const frozen = await manager.post('/api/reports/months/2026-10/freeze', {});
    const hash = (await manager.get('/api/reports/months/2026-10')).body.hash;
    expect(frozen.body).toEqual({ hash });
    expect((await manager.post('/api/reports/months/2026-10/freeze', {})).status).toBe(409);
    expect((await manager.get('/api/reports/months/2026-10')).body).toMatchObject({
      hash,
      frozen: { by: 'manager' },
    });
    expect((await manager.get('/api/reports/months/2026-13')).status).toBe(400);
    expect((await manager.get('/api/reports/months/2027-01')).status).toBe(400);
  });

  it('make a verdict of a frozen month a correction', async () => {
    const { signIn, raise, reports } = await october();
    const supervisor = await signIn('hall-supervisor');
    const manager = await signIn('manager');
    const startMs = OCTOBER + 8.5 * DAY;
    const id = raise({ subject: 'A01', startMs });
    await manager.post('/api/reports/months/2026-10/freeze', {});
    const before = await reports.month('2026-10');
    let ifSteps = -1;
    const act = (name: string, body: object) => {
      ifSteps += 1;
      return supervisor.post(`/api/incidents/${id}/${name}`, { ...body, ifSteps });
    };
    expect((await act('acknowledge', {})).status).toBe(200);
    expect((await act('verdict', { verdict: 'confirmed', reason: '', note: '' })).status).toBe(200);
    const later = (await manager.get('/api/reports/months/2026-10')).body;
    expect(later.hash).toBe(before.hash);
    expect(later.corrections.list).toMatchObject([{ incident: id, from: null, to: 'confirmed' }]);
  });

  it('show staff their own figures and nothing of others', async () => {
    const { signIn } = await october();
    const supervisor = await signIn('hall-supervisor');
    const [one, other] = [await signIn('staff', 'one'), await signIn('staff', 'other')];
    const posted = await supervisor.post('/api/duty/posts', { user: one.id, window: 'A01', from: OCTOBER, to: null });
    expect(posted.status).toBe(200);
    const mine = (await one.get('/api/mine/months/2026-10')).body;
    expect(mine).toMatchObject({ month: '2026-10', complete: true, frozen: false, mine: { key: one.id } });
    expect(mine.mine.time.absentS).toBe(1800);
    expect((await other.get('/api/mine/months/2026-10')).body.mine).toBeNull();
  });

  it('say that they are unavailable where the board runs without them', async () => {
    const { signIn } = await startBoard();
    const manager = await signIn('manager');
    expect((await manager.get('/api/reports/months')).status).toBe(503);
  });
});
