import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { roomId } from '../../../src/core/ids.js';
import { eventMs } from '../../../src/core/time.js';
import { type WrittenWord, writtenEntry } from '../../../src/core/words.js';
import { fakeClock } from '../../support/fakeClock.js';
import { temporaryFolder, testLedger } from '../../support/ledger.js';

const part = (room: string, start: number, text: string) => ({
  ...{ room: roomId(room), kind: 'segment' as const, text, engine: 'replay' },
  start: eventMs(start),
  end: eventMs(start + 1000),
});
const words = (...texts: string[]): WrittenWord[] => texts.map((word) => writtenEntry.parse({ word }));

describe('transcripts', () => {
  it('give the parts of a room that overlap a span, gaps among them', () => {
    const { transcripts } = testLedger();
    transcripts.append(part('R1', 5000, '第二'));
    transcripts.append(part('R1', 1000, '第一'));
    transcripts.append({ ...part('R1', 2000, 'overload'), kind: 'gap', end: eventMs(5000) });
    transcripts.append({ ...part('R2', 3000, '别的房间'), speaker: 'S1' });
    const texts = transcripts.of(roomId('R1'), eventMs(1500), eventMs(5001)).map(({ kind, text }) => [kind, text]);
    expect(texts).toEqual([
      ['segment', '第一'],
      ['gap', 'overload'],
      ['segment', '第二'],
    ]);
    expect(transcripts.of(roomId('R1'), eventMs(6000), eventMs(9000))).toEqual([]);
    expect(transcripts.between(eventMs(0), eventMs(9000)).map(({ speaker }) => speaker)).toContain('S1');
  });

  it('keep a gap of hours whole and take notes after the session', () => {
    const { transcripts } = testLedger();
    transcripts.append({ ...part('R1', 0, 'no-model'), kind: 'gap', end: eventMs(3 * 3_600_000 + 1) });
    const middle = transcripts.of(roomId('R1'), eventMs(2.5 * 3_600_000), eventMs(2.5 * 3_600_000 + 1));
    expect(middle.map(({ text }) => text)).toEqual(['no-model']);
    expect(transcripts.between(eventMs(0), eventMs(4 * 3_600_000))).toHaveLength(4);
    expect(transcripts.annotate(middle[0]!.id, { punctuated: '好。', speaker: 'S2' })).toBe(true);
    expect(transcripts.of(roomId('R1'), eventMs(2.5 * 3_600_000), eventMs(2.5 * 3_600_000 + 1))[0]).toMatchObject({
      ...{ punctuated: '好。', speaker: 'S2', text: 'no-model' },
    });
    expect(transcripts.removeBefore(eventMs(3_600_001))).toBe(1);
  });

  it('are written every few seconds and by closing', async () => {
    const clock = fakeClock();
    const path = join(temporaryFolder(), 'ledger.sqlite');
    const first = testLedger(path, { clock });
    first.transcripts.append(part('R1', 1000, '一'));
    await clock.advance(5000);
    first.transcripts.append(part('R1', 2000, '二'));
    await first.close();
    expect(
      testLedger(path, { clock })
        .transcripts.between(eventMs(0), eventMs(9000))
        .map(({ text }) => text),
    ).toEqual(['一', '二']);
  });
});

describe('word lists', () => {
  it('keep every version of every scope', () => {
    const { wordLists } = testLedger();
    let told = 0;
    wordLists.onChange(() => {
      told += 1;
    });
    const list = { note: '', by: 'u1' };
    wordLists.save({ ...list, scope: 'hall', words: words('照顾一下'), basedOn: 0 });
    wordLists.save({ ...list, scope: 'room:R1', words: words('打个招呼'), basedOn: 0 });
    wordLists.save({ ...list, scope: 'hall', words: words('照顾一下', '业主'), note: '补充', basedOn: 1 });
    expect(wordLists.all().map(({ scope, version }) => [scope, version])).toEqual([
      ['hall', 2],
      ['room:R1', 1],
    ]);
    expect(wordLists.versions('hall').map(({ words: all }) => all.length)).toEqual([2, 1]);
    expect(wordLists.current('hall')).toMatchObject({ note: '补充', by: 'u1', version: 2 });
    expect([wordLists.current('session:S1'), told]).toEqual([undefined, 3]);
  });

  it('refuse a version on top of one that is no longer the newest', () => {
    const { wordLists } = testLedger();
    const save = () => wordLists.save({ scope: 'hall', words: words('业主'), note: '', by: 'u1', basedOn: 0 });
    save();
    expect(save).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
