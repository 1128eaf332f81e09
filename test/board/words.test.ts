import { describe, expect, it } from 'vitest';
import type { Role } from '../../src/board/access/actions.js';
import { roomId, subjectId } from '../../src/core/ids.js';
import { incidentId } from '../../src/core/incident.js';
import { eventMs } from '../../src/core/time.js';
import { wordsPort } from '../../src/pipeline/speechPort.js';
import { type Harness, startBoard } from './support/boardHarness.js';

const AT = 1_000_000;
const word = { word: '照顾一下', level: 'serious' };

/** A hit of a word in R1, as the rule tells it. */
function hit(board: Harness, text: string, startMs: number): string {
  const start = eventMs(startMs);
  const id = incidentId('test', 'speech', subjectId('R1'), start);
  const detail = { word: text, variant: text, tier: 'text', level: 'serious', count: 1, hit_end: startMs + 800 };
  board.ledger.commitStep(
    {
      ...{
        id,
        rule: 'speech',
        ruleVersion: 'v1',
        subject: subjectId('R1'),
        step: 'open',
        ordinal: 1,
        priority: 'high',
      },
      ...{ tier: 1, at: eventMs(startMs + 800), start, seen: { observedMs: 800, unknownMs: 0 }, detail },
    },
    [],
  );
  return id;
}
const say = (board: Harness, text: string, start: number, end: number, kind: 'segment' | 'gap' = 'segment') =>
  board.ledger.transcripts.append({
    ...{ room: roomId('R1'), kind, text, engine: 'replay', start: eventMs(start), end: eventMs(end) },
  });
const setup = async () => {
  const board = await startBoard({ words: wordsPort() });
  return { ...board, bid: await board.signIn('bid-supervisor', 'li') };
};

describe('word lists on the board', () => {
  it('are saved as versions, with how each word is read', async () => {
    const { bid, ledger } = await setup();
    const first = { scope: 'hall', basedOn: 0, note: '起始', words: [word, { word: '围标' }] };
    expect((await bid.put('/api/words/list', first)).body).toMatchObject({ version: 1 });
    const { body } = await bid.get('/api/words/list?scope=hall');
    expect(body.words[0]).toMatchObject({ word: '照顾一下', syllables: ['zhao', 'gu', 'yi', 'xia'], short: false });
    expect(body.words[1]).toMatchObject({ word: '围标', short: true });
    expect(body.versions[0]).toMatchObject({ note: '起始', by: 'li', words: 2 });
    expect((await bid.put('/api/words/list', first)).status).toBe(409);
    expect((await bid.put('/api/words/list', { ...first, scope: 'room:R9' })).status).toBe(404);
    expect((await bid.get('/api/words')).body.items.map((item: { scope: string }) => item.scope)).toEqual([
      'hall',
      'room:R1',
    ]);
    // An auditor reads who changed a list, never what is in it.
    const entries = JSON.stringify(ledger.audit.list({ action: 'putWords', limit: 10 }));
    expect(entries).toContain('putWords');
    expect(entries).not.toContain('照顾');
  });

  it('are tried on what was said before they go live', async () => {
    const board = await setup();
    say(board, '第二家请大家照顾一下', AT, AT + 1_800_000);
    say(board, 'qing da jia zhao gu yi xia', AT + 1_800_000, AT + 3_600_000);
    const span = { from: AT, to: AT + 3_600_000 };
    const { body } = await board.bid.post('/api/words/try', { words: [word, { word: '打高分' }], ...span });
    expect(body).toMatchObject({ hours: 1, hits: 2, perHour: 2, byWord: [{ word: '照顾一下', hits: 2 }] });
    expect((await board.bid.post('/api/words/try', { words: [word], from: 0, to: 10 })).body.perHour).toBeNull();
  });

  it('check a word without saving it', async () => {
    const { bid } = await setup();
    const { body } = await bid.post('/api/words/check', { words: [{ word: '重新打分', pinyin: 'chong xin da fen' }] });
    expect(body.words[0]).toMatchObject({ syllables: ['chong', 'xin', 'da', 'fen'] });
    expect((await bid.get('/api/words/list?scope=hall')).body.version).toBe(0);
  });
});

describe('hits and transcript of a room', () => {
  it('carry what stands around a hit, and a person’s decision becomes the word’s precision', async () => {
    const board = await setup();
    const { bid } = board;
    say(board, '第二家请大家', AT, AT + 2000);
    say(board, 'overload', AT + 2000, AT + 3000, 'gap');
    say(board, '照顾一下谢谢', AT + 3000, AT + 5000);
    const ids = [AT + 3000, AT + 60_000, AT + 90_000].map((at) => hit(board, '照顾一下', at));
    const span = `from=${AT - 10}&to=${AT + 100_000}`;
    const { data } = (await bid.get(`/api/rooms/R1/hits?${span}`)).body;
    expect(data.at(-1)).toMatchObject({
      word: '照顾一下',
      before: '第二家请大家',
      verdict: 'undecided',
      confirmed: true,
    });
    const parts = (await bid.get(`/api/rooms/R1/transcript?${span}`)).body.data;
    expect(parts.map((part: { gap?: string; text: string }) => part.gap ?? part.text)).toEqual([
      '第二家请大家',
      'overload',
      '照顾一下谢谢',
    ]);
    for (const [i, verdict] of ['confirmed', 'false-alarm'].entries()) {
      await bid.post(`/api/incidents/${ids[i]}/acknowledge`, { ifSteps: 0 });
      await bid.post(`/api/incidents/${ids[i]}/verdict`, { ifSteps: 1, verdict, reason: i === 0 ? '' : 'misheard' });
    }
    const { items } = (await bid.get(`/api/words/precision?${span}`)).body;
    expect(items).toMatchObject([
      { word: '照顾一下', hits: 3, confirmed: 1, rejected: 1, undecided: 1, precision: 0.5 },
    ]);
    expect(items[0].low).toBeLessThan(0.15);
    expect(items[0].high).toBeGreaterThan(0.85);
  });

  it('says that nobody listens instead of an empty list', async () => {
    const { bid } = await setup();
    expect((await bid.get('/api/rooms/R1/transcript')).body).toMatchObject({ state: 'unavailable' });
  });

  it.each<Role>(['hall-supervisor', 'manager', 'staff', 'admin', 'auditor'])('are closed to %s', async (role) => {
    const board = await setup();
    const id = hit(board, '照顾一下', AT);
    const other = await board.signIn(role, 'other');
    const paths = ['/api/words', '/api/words/list?scope=hall', '/api/words/precision', '/api/rooms/R1/transcript'];
    for (const path of [...paths, '/api/rooms/R1/hits', `/api/incidents/${id}`, '/api/words/bidders?evaluation=E1']) {
      expect((await other.get(path)).status, path).toBe(403);
    }
    const writes = [
      await other.put('/api/words/list', { scope: 'hall', basedOn: 0, words: [word] }),
      await other.post('/api/words/try', { words: [word] }),
      await other.post('/api/words/check', { words: [word] }),
    ];
    expect(writes.map(({ status }) => status)).toEqual([403, 403, 403]);
    const seen = JSON.stringify([
      (await other.get('/api/incidents')).body,
      (await other.get('/api/alerts?after=0')).body,
      (await other.get('/api/live')).body,
    ]);
    expect(seen).not.toContain('照顾');
  });
});
