import { AppError } from '../../core/errors.js';
import type { Look } from './art/people.js';
import type { HallScene, RoomScene, Scene, WindowScript } from './script.js';

const LOOP = '40m';

const UNIFORM = { coat: '#23324f', shirt: '#eef1f5' };
const lin: Look = { ...UNIFORM, skin: '#d9a880', hair: '#1d1816', tiedHair: false };
const chen: Look = { ...UNIFORM, skin: '#e2b590', hair: '#231a17', tiedHair: true };
const wu: Look = { ...UNIFORM, skin: '#cf9c74', hair: '#161312', tiedHair: false };
const zhao: Look = { ...UNIFORM, skin: '#d6a47c', hair: '#2a211d', tiedHair: false };
const sun: Look = { ...UNIFORM, skin: '#e0b28c', hair: '#1b1512', tiedHair: true };
const he: Look = { ...UNIFORM, skin: '#c9966c', hair: '#2e2a28', tiedHair: false };

const red: Look = { skin: '#d6a47c', hair: '#2a211d', coat: '#7d3b36', shirt: '#eef1f5', tiedHair: false };
const green: Look = { skin: '#e0b28c', hair: '#1b1512', coat: '#4f6a4a', shirt: '#eef1f5', tiedHair: true };
const beige: Look = { skin: '#c9966c', hair: '#4a4542', coat: '#8a8578', shirt: '#eef1f5', tiedHair: false };
const violet: Look = { skin: '#d9a880', hair: '#1d1816', coat: '#5b4a7a', shirt: '#eef1f5', tiedHair: false };
const black: Look = { skin: '#d9a880', hair: '#1d1816', coat: '#2a2c31', shirt: '#eef1f5', tiedHair: false };

const quiet = { away: [], citizens: [], cup: [], bag: [] } satisfies Partial<WindowScript>;

/** One clerk leaves for 20 minutes, one while a citizen waits, one for 4 seconds and one for 3 minutes. */
const hall1: HallScene = {
  kind: 'hall',
  name: 'hall-1',
  loop: LOOP,
  covered: [],
  windows: [
    {
      ...quiet,
      id: 'A01',
      clerk: lin,
      away: [['30s', '20m30s']],
      citizens: [
        { look: red, spans: [['22m', '26m']] },
        { look: green, spans: [['31m', '35m']] },
      ],
    },
    { ...quiet, id: 'A02', clerk: chen, away: [['4m', '23m']], citizens: [{ look: beige, spans: [['12m', '22m']] }] },
    {
      ...quiet,
      id: 'A03',
      clerk: wu,
      away: [
        ['9m10s', '9m14s'],
        ['36m', '39m'],
      ],
      citizens: [
        { look: violet, spans: [['2m', '8m']] },
        { look: red, spans: [['14m', '19m']] },
        { look: beige, spans: [['27m', '33m']] },
      ],
    },
  ],
};

/** The camera is covered for three minutes of an absence; a walk-through of 4 seconds; a cup and a bag on a desk. */
const hall2: HallScene = {
  kind: 'hall',
  name: 'hall-2',
  loop: LOOP,
  covered: [['11m', '14m']],
  windows: [
    {
      ...quiet,
      id: 'A04',
      clerk: zhao,
      away: [
        ['21m', '29m'],
        ['29m4s', '39m30s'],
      ],
      citizens: [{ look: green, spans: [['3m', '9m']] }],
    },
    {
      ...quiet,
      id: 'A05',
      clerk: sun,
      cup: [['6m', '24m']],
      bag: [['10m', '24m']],
      citizens: [
        { look: violet, spans: [['26m', '30m']] },
        { look: red, spans: [['34m', '38m']] },
      ],
    },
    { ...quiet, id: 'A06', clerk: he, away: [['2m', '23m']], citizens: [{ look: beige, spans: [['30m', '36m']] }] },
  ],
};

/**
 * A day at a desk, in three hours: daylight that grows, a lamp that is switched on, a shadow that passes, papers during a
 * service, a cup left for six minutes, the camera pushed by 3 degrees (32 pixels of 60 degrees over 640), a bag left over
 * night, and a citizen who waits in vain.
 */
const deskDay: HallScene = {
  kind: 'hall',
  name: 'desk-day',
  loop: '3h',
  covered: [],
  light: {
    daylight: [
      ['0s', 0.72],
      ['20m', 1],
      ['98m', 1],
      ['104m', 0.8],
      ['148m', 0.8],
      ['165m', 1],
    ],
    lamps: [{ x: 0.52, y: 0.5, reach: 0.09, strength: 0.25, spans: [['30m', '60m']] }],
    shadows: [['40m', '42m']],
    night: [['108m', '148m']],
  },
  pushed: { pixels: 32, spans: [['80m', '94m']] },
  windows: [
    { ...quiet, id: 'D01', clerk: lin },
    {
      ...quiet,
      id: 'D02',
      clerk: chen,
      away: [['99m', '152m']],
      citizens: [
        { look: red, spans: [['50m', '58m']] },
        { look: beige, spans: [['153m30s', '156m']] },
      ],
      papers: [['50m30s', '57m50s']],
      cup: [['62m', '68m']],
      cupAside: true,
      bag: [['100m', '152m30s']],
    },
    {
      ...quiet,
      id: 'D03',
      clerk: wu,
      away: [['120m', '160m']],
      citizens: [{ look: violet, spans: [['150m', '152m']] }],
    },
  ],
};

/** One expert works, a second one comes, somebody else stands in the room for two minutes, then all leave. */
const room1: RoomScene = {
  kind: 'room',
  name: 'room-1',
  loop: LOOP,
  speech: [
    { at: '5s', line: 'welcome' },
    { at: '15s', line: 'rules' },
    { at: '40s', line: 'favour' },
    { at: '3m', line: 'technical' },
    { at: '6m', line: 'schedule' },
    { at: '9m', line: 'owner' },
    { at: '12m', line: 'price' },
    { at: '15m', line: 'company' },
    { at: '19m', line: 'favour' },
    { at: '19m12s', line: 'favour' },
    { at: '23m', line: 'quality' },
    { at: '27m', line: 'high' },
    { at: '31m', line: 'technical' },
    { at: '37m30s', line: 'break' },
  ],
  covered: [],
  room: 'R1',
  persons: [
    { look: black, place: 0, spans: [['0s', '38m']] },
    { look: zhao, place: 'door', spans: [['8m', '8m10s']] },
    { look: zhao, place: 2, spans: [['8m10s', '30m']] },
    { look: beige, place: 'door', spans: [['17m', '19m']] },
  ],
};

export const scenes: readonly Scene[] = [hall1, hall2, room1, deskDay];

/**
 * The scene that a source `sim:NAME` asks for.
 * @throws AppError `config` for a name that does not exist
 */
export function findScene(name: string): Scene {
  const found = scenes.find((scene) => scene.name === name);
  if (found) return found;
  const hint = `scenes are ${scenes.map((scene) => `sim:${scene.name}`).join(', ')}`;
  throw new AppError('config', `source sim:${name}: no such scene`, { hint });
}
