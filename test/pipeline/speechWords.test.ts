import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { evaluationId } from '../../src/core/evaluation.js';
import { roomId } from '../../src/core/ids.js';
import { silentLogger } from '../../src/core/log.js';
import { eventMs } from '../../src/core/time.js';
import { writtenEntry } from '../../src/core/words.js';
import { hallWords } from '../../src/pipeline/speechWords.js';
import { temporaryFolder, testLedger } from '../support/ledger.js';

const AT = eventMs(1_000_000);
const R1 = roomId('R1');
const words = (...entries: object[]) => entries.map((entry) => writtenEntry.parse(entry));

it('joins the lists of hall, room and running evaluation, the narrower entry first', () => {
  const ledger = testLedger();
  const lists = hallWords({ site: 'test', ledger, file: undefined, log: silentLogger });
  let changes = 0;
  lists.onChange(() => {
    changes += 1;
  });
  const save = (scope: 'hall' | `room:${string}` | `session:${string}`, entries: object[]) =>
    ledger.wordLists.save({ scope, words: words(...entries), note: '', by: 'u1', basedOn: 0 });
  save('hall', [
    { word: '照顾一下' },
    { word: '打高分', scope: { rooms: ['R2'] } },
    { word: '围标', scope: { halls: ['else'] } },
  ]);
  save('room:R1', [{ word: '照顾一下', level: 'serious' }]);
  save('session:E1', [{ word: '甬江建设', level: 'serious' }]);
  const heard = (room: string) => lists.of(roomId(room), AT).map(({ word, level }) => `${word} ${level}`);
  expect(heard('R1')).toEqual(['照顾一下 serious']);
  expect(heard('R2')).toEqual(['照顾一下 warning', '打高分 warning']);
  ledger.evaluations.save(
    {
      ...{
        id: evaluationId('E1'),
        project: 'P1',
        projectName: '项目',
        rooms: [{ room: R1, venue: 'main' }],
        state: 'open',
      },
      ...{
        plannedStart: eventMs(0),
        plannedEnd: eventMs(9_000_000),
        openedAt: eventMs(500_000),
        roster: [],
        bidders: [],
      },
      ...{ signIn: [], reentryAllowed: true, version: 0 },
    },
    0,
  );
  expect(heard('R1')).toEqual(['照顾一下 serious', '甬江建设 serious']);
  expect(heard('R2')).not.toContain('甬江建设 serious');
  expect(changes).toBe(4);
});

it('takes a list from its file once; from then on the board is its master', () => {
  const ledger = testLedger();
  const file = join(temporaryFolder(), 'words.yaml');
  writeFileSync(file, '[照顾一下, { word: 重新打分, pinyin: chong xin da fen }]');
  const first = hallWords({ site: 'test', ledger, file, log: silentLogger });
  expect(first.of(R1, AT).map(({ word }) => word)).toEqual(['照顾一下', '重新打分']);
  ledger.wordLists.save({ scope: 'hall', words: words({ word: '打高分' }), note: '', by: 'u1', basedOn: 1 });
  const again = hallWords({ site: 'test', ledger, file, log: silentLogger });
  expect(again.of(R1, AT).map(({ word }) => word)).toEqual(['打高分']);
  expect(ledger.wordLists.versions('hall').map(({ by }) => by)).toEqual(['u1', 'system']);
});

it('starts without words where the file cannot be read', () => {
  const ledger = testLedger();
  const lists = hallWords({ site: 'test', ledger, file: '/nowhere/words.yaml', log: silentLogger });
  expect(lists.of(R1, AT)).toEqual([]);
});
