import { describe, expect, it } from 'vitest';
import type { TableRow } from '../../../src/alerts/evaluations/csvTable.js';
import { evaluationRows, readEvaluationTable } from '../../../src/alerts/evaluations/evaluationTable.js';
import { readRosterTable, rosterRows } from '../../../src/alerts/evaluations/rosterTable.js';
import { roomId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { expert } from '../../support/evaluation.js';

const table = (text: string): TableRow[] =>
  text
    .trim()
    .split('\n')
    .map((line, i) => ({ row: i + 1, cells: line.trim().split(',') }));
const ROOMS = [roomId('R1'), roomId('R2')];
const read = (text: string, before = [expert('P7', { name: '老周' })]) =>
  readRosterTable(table(text), { rooms: ROOMS, before });

describe('a roster file', () => {
  it('is read with Chinese or English headings in any order', () => {
    const { persons, problems } = read(`
      name,角色,类别,批次,可进房间,陪同人,事由
      张三,专家,技术,一,R1,,
      李四,豁免,代理机构,,R1;R2,陈监督,答疑
      王五,,,,,,`);
    expect(problems).toEqual([]);
    expect(persons).toEqual([
      { id: 'P1', name: '张三', role: 'expert', category: '技术', batch: '一', rooms: ['R1'] },
      ...[{ id: 'P2', name: '李四', role: 'exempt', category: '代理机构', batch: '', rooms: ['R1', 'R2'] }].map(
        (one) => ({
          ...one,
          escort: '陈监督',
          reason: '答疑',
        }),
      ),
      { id: 'P3', name: '王五', role: 'expert', category: '', batch: '', rooms: [] },
    ]);
  });

  it('lets people keep the id they have, so that faces stay theirs', () => {
    expect(read('姓名\n新人\n老周').persons.map(({ id, name }) => `${id} ${name}`)).toEqual(['P1 新人', 'P7 老周']);
    expect(read('编号,姓名\nP1,甲\n,乙', []).persons.map(({ id }) => id)).toEqual(['P1', 'P2']);
  });

  it.each([
    ['no name', '姓名,类别\n,技术', 2, 'name', 'evaluation.problem.name'],
    ['an exempt person without escort', '姓名,角色,陪同人,事由\n张三,豁免,,', 2, 'escort', 'evaluation.problem.exempt'],
    ['an unknown role', '姓名,角色\n张三,监督', 2, 'role', 'evaluation.problem.role'],
    ['a room of another evaluation', '姓名,可进房间\n张三,R9', 2, 'personRooms', 'evaluation.problem.person-room'],
    ['two of one name without ids', '姓名\n张三\n张三', 3, 'name', 'evaluation.problem.name-twice'],
    ['an id twice', '编号,姓名\nA1,张三\nA1,李四', 3, 'id', 'evaluation.problem.person-twice'],
    ['an id that is none', '编号,姓名\n../x,张三', 2, 'id', 'evaluation.problem.person-id'],
    ['a missing column', '类别\n技术', 1, 'name', 'board.csv.column'],
    ['a row of another length', '姓名,类别\n张三', 2, '', 'board.csv.cells'],
    ['no row', '姓名', 1, '', 'board.csv.empty'],
  ])('says where it is wrong: %s', (_, text, row, column, key) => {
    expect(read(text).problems).toMatchObject([{ row, column, key }]);
  });

  it('comes out of an export as it went in', () => {
    const roster = [expert('P1'), expert('P2', { role: 'exempt', rooms: ROOMS, escort: '甲', reason: '=乙' })];
    const rows = rosterRows(roster).map((cells, i) => ({ row: i + 1, cells }));
    expect(readRosterTable(rows, { rooms: ROOMS, before: [] }).persons).toEqual(roster);
  });
});

describe('a file of evaluations', () => {
  const options = {
    rooms: new Set(['R1', 'R2', 'R3']),
    readTime: (text: string) => (/^\d+$/.test(text) ? eventMs(Number(text)) : undefined),
  };
  const readAll = (text: string) => readEvaluationTable(table(text), options);
  const HEAD = '项目编号,项目名称,评标室,开始,结束,投标人,姓名,类别';

  it('gathers the rows of a project, whose first room is the main venue', () => {
    const { drafts, problems } = readAll(`${HEAD}
      A-1,智慧政务,R2;R1,10,20,甲公司(甲|老甲);乙公司,张三,技术
      ,,,,,,李四,经济
      A-2,,R3,10,20,,,`);
    expect(problems).toEqual([]);
    expect(drafts.map(({ row, draft }) => [row, draft.project, draft.roster.map(({ name }) => name)])).toEqual([
      [2, 'A-1', ['张三', '李四']],
      [4, 'A-2', []],
    ]);
    expect(drafts[0]!.draft).toMatchObject({
      projectName: '智慧政务',
      rooms: [
        { room: 'R2', venue: 'main' },
        { room: 'R1', venue: 'branch' },
      ],
      plannedStart: 10,
      plannedEnd: 20,
      bidders: [
        { name: '甲公司', shortNames: ['甲', '老甲'] },
        { name: '乙公司', shortNames: [] },
      ],
    });
  });

  it.each([
    ['a room that is not configured', 'A-1,,R9,10,20,,张三,', 2, 'rooms', 'evaluation.problem.room'],
    ['no room', 'A-1,,,10,20,,张三,', 2, 'rooms', 'evaluation.problem.no-session'],
    ['a room twice', 'A-1,,R1;R1,10,20,,张三,', 2, 'rooms', 'evaluation.problem.room-twice'],
    ['no time', 'A-1,,R1,morgen,20,,张三,', 2, 'start', 'board.csv.time'],
    ['an end before its start', 'A-1,,R1,20,10,,张三,', 2, 'end', 'evaluation.problem.order'],
    ['a person without a project', ',,R1,10,20,,张三,', 2, 'project', 'evaluation.problem.project'],
    [
      'rows of a project that differ',
      'A-1,,R1,10,20,,张三,\nA-1,,R2,,,,李四,',
      3,
      'rooms',
      'evaluation.problem.differs',
    ],
  ])('says where it is wrong: %s', (_, rows, row, column, key) => {
    const { drafts, problems } = readAll(`${HEAD}\n${rows}`);
    expect([drafts, problems]).toMatchObject([[], [{ row, column, key }]]);
  });

  it('comes out of an export as it went in', () => {
    const text = `${HEAD}
      A-1,智慧政务,R2;R1,10,20,甲公司(甲|老甲);乙公司,张三,技术
      ,,,,,,李四,经济
      A-2,,R3,10,20,,,`;
    const first = readAll(text).drafts.map(({ draft }) => draft);
    const rows = evaluationRows(first, String).map((cells, i) => ({ row: i + 1, cells }));
    expect(readEvaluationTable(rows, options).drafts.map(({ draft }) => draft)).toEqual(first);
  });
});
