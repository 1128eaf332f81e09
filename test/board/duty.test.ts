import { describe, expect, it } from 'vitest';
import { readCsv, writeCsv } from '../../src/board/duty/csv.js';
import { eventMs } from '../../src/core/time.js';
import { startBoard } from './support/boardHarness.js';

const ALL = [eventMs(0), eventMs(9e15)] as const;

describe('CSV', () => {
  it.each([
    ['quoted commas and line breaks', 'a,"b,""c""\nd"\n', [['a', 'b,"c"\nd']]],
    [
      'a byte order mark and Windows line ends',
      '\uFEFFa,b\r\nc,d',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['empty lines', 'a\n\n,\nb\n', [['a'], ['b']]],
  ])('reads %s', (_case, text, cells) => {
    const read = readCsv(text);
    expect(read.ok && read.rows.map((row) => row.cells)).toEqual(cells);
  });

  it('names the line in which a quotation begins that never ends', () => {
    expect(readCsv('a,b\nc,"d\ne')).toEqual({ ok: false, row: 2 });
  });

  it.each(['=1+1', '+1', '-1', '@x', '\tx', '\rx'])('disarms the formula %j', (cell) => {
    expect(writeCsv([[cell]])).toContain(`'${cell[0]}`);
  });
});

describe('importing leaves', () => {
  const heading = 'window,person,kind,from,to,note';

  it('stores every row of a right file, in either language and the hall’s own time', async () => {
    const { signIn, ledger } = await startBoard();
    const user = await signIn('hall-supervisor');
    const csv = `\uFEFF窗口,人员,类型,开始,结束,备注\r\nA01,赵一,请假,2026-10-08 09:30,2026/10/8 11:00,"家事, 已批"\r\nA02,,cover,2026-10-08T01:30:00Z,2026-10-08T12:00:00+08:00,=1+1\r\n`;
    const dry = await user.post('/api/duty/leaves-import', { csv, dryRun: true });
    expect(dry.body).toEqual({ rows: 2, imported: 0, errors: [] });
    expect(ledger.leaves.list(...ALL)).toHaveLength(0);
    expect((await user.post('/api/duty/leaves-import', { csv })).body).toEqual({ rows: 2, imported: 2, errors: [] });
    expect(ledger.leaves.list(...ALL)).toMatchObject([
      { subject: 'A01', person: '赵一', kind: 'leave', from: Date.UTC(2026, 9, 8, 1, 30), note: '家事, 已批' },
      { subject: 'A02', kind: 'cover', to: Date.UTC(2026, 9, 8, 4) },
    ]);
    const back = await user.get('/api/duty/leaves.csv');
    expect(back.body).toContain("'=1+1");
    expect(back.headers.get('content-type')).toContain('text/csv');
  });

  it('stores nothing where a row is wrong, and names row, column and mistake', async () => {
    const { signIn, ledger } = await startBoard();
    const user = await signIn('hall-supervisor');
    const rows = [
      'A01,x,leave,2026-10-08 09:30,2026-10-08 11:00,fine',
      'Z99,x,leave,2026-10-08 09:30,2026-10-08 11:00,no such window',
      'A01,x,party,2026-02-30 09:30,tomorrow,',
      'A01,x,leave,2026-10-08 11:00,2026-10-08 09:30,',
      'A01,x,leave',
    ];
    const { body } = await user.post('/api/duty/leaves-import', { csv: [heading, ...rows].join('\n') });
    expect(body).toMatchObject({ rows: 5, imported: 0 });
    expect(body.errors.map(({ row, column }: { row: number; column: string }) => `${row} ${column}`)).toEqual([
      '3 window',
      '4 kind',
      '4 from',
      '4 to',
      '5 to',
      '6 ',
    ]);
    expect(body.errors[0].message).toBe('没有窗口 Z99');
    expect(ledger.leaves.list(...ALL)).toHaveLength(0);
  });

  it('stores all rows or none where the ledger fails half way', async () => {
    const { signIn, ledger } = await startBoard();
    const user = await signIn('hall-supervisor');
    const row = (note: string) => `A01,x,leave,2026-10-08 09:30,2026-10-08 11:00,${note}`;
    const leave = { subject: 'A01' as never, kind: 'leave', by: user.id, from: eventMs(2), to: eventMs(1) };
    expect(() => ledger.leaves.addAll([{ ...leave, to: eventMs(3) }, leave])).toThrow('not after its begin');
    expect(ledger.leaves.list(...ALL)).toHaveLength(0);
    await user.post('/api/duty/leaves-import', { csv: [heading, row('a'), row('b')].join('\n') });
    expect(ledger.leaves.list(...ALL)).toHaveLength(2);
  });

  it.each([
    ['no rows', 'window,person,kind,from,to,note\n', '没有数据行'],
    ['a missing column', 'window,kind,from\nA01,leave,2026-10-08 09:30', '缺少列 to'],
    ['an open quotation', 'window,kind,from,to\n"A01', '引号没有闭合'],
  ])('refuses a file with %s', async (_case, csv, message) => {
    const { signIn } = await startBoard();
    const user = await signIn('hall-supervisor');
    expect((await user.post('/api/duty/leaves-import', { csv })).body.errors[0].message).toBe(message);
  });
});

describe('duty', () => {
  it('registers, lists and cancels a leave, which stays on record', async () => {
    const { signIn, clock } = await startBoard();
    const user = await signIn('hall-supervisor');
    const { id } = (await user.post('/api/duty/leaves', { window: 'A01', kind: 'outing', from: 1000, to: clock.now() }))
      .body;
    expect((await user.get('/api/duty/leaves?window=A01')).body).toMatchObject({
      total: 1,
      items: [{ windowName: 'A01 综合窗口' }],
    });
    expect((await user.delete(`/api/duty/leaves/${id}`)).status).toBe(200);
    expect((await user.delete(`/api/duty/leaves/${id}`)).status).toBe(404);
    expect((await user.get('/api/duty/leaves')).body.total).toBe(0);
    expect((await user.get('/api/duty/leaves?cancelled=true')).body.items[0].cancelledAt).toBe(clock.now());
  });

  it('puts a window on standby until somebody ends it, and keeps what was', async () => {
    let told = 0;
    const { signIn, clock, ledger } = await startBoard({ dutyChanged: () => (told += 1) });
    const user = await signIn('hall-supervisor');
    const began = clock.now();
    const { id, to } = (await user.post('/api/duty/standby', { window: 'A01', note: '设备检修' })).body;
    expect(to).toBeNull();
    await clock.advance(60_000);
    expect((await user.delete(`/api/duty/standby/${id}`)).status).toBe(200);
    expect((await user.get('/api/duty/standby')).body.items).toMatchObject([{ from: began, to: began + 60_000 }]);
    expect(ledger.leaves.of('A01' as never, eventMs(began + 60_000), ALL[1])).toEqual([]);
    expect((await user.get('/api/duty/leaves')).body.total).toBe(0);
    expect(told).toBe(2);
  });
});
