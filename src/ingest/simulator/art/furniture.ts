import { type Drawing, fallShade, SCENE_HEIGHT, SCENE_WIDTH } from './svg.js';

const whole = { x: 0, y: 0, width: SCENE_WIDTH, height: SCENE_HEIGHT };

/** Where the three windows of a hall camera stand, scene pixels. */
export const COUNTER_TOP = 372;
export const windowLeft = (index: number): number => 40 + index * 400;
export const WINDOW_WIDTH = 392;

/** The wall behind the counters, the glass partitions and the floor. */
export function hallBackground(names: readonly string[]): Drawing {
  const signs = names
    .map((name, i) => {
      const x = windowLeft(i) + WINDOW_WIDTH / 2;
      return (
        `<rect x="${x - 120}" y="26" width="240" height="52" rx="6" fill="#14509a"/><rect x="${x - 120}" y="26" width="240" height="20" rx="6" fill="#2a6bb8"/>` +
        `<text x="${x}" y="63" font-size="34" font-family="Noto Sans CJK SC, DejaVu Sans, sans-serif" font-weight="700" fill="#f4f8ff" text-anchor="middle">${name}</text>`
      );
    })
    .join('');
  return {
    bounds: whole,
    body:
      `<defs>${fallShade('wall', '#c9cfd2', 0.82)}${fallShade('floor', '#a9a59c', 0.72)}${fallShade('cab', '#8f785c', 0.7)}</defs>` +
      `<rect width="1280" height="460" fill="url(#wall)"/><rect y="440" width="1280" height="280" fill="url(#floor)"/>` +
      `<path d="M0 520 L1280 500 M0 600 L1280 590 M0 690 L1280 690 M200 440 L60 720 M520 440 L470 720 M800 440 L860 720 M1100 440 L1250 720" stroke="#8d897f" stroke-width="2" fill="none"/>` +
      `<rect x="0" y="98" width="1280" height="10" fill="#8fa0a8"/>` +
      [0, 1, 2]
        .map(
          (i) =>
            `<rect x="${windowLeft(i) + 22}" y="128" width="104" height="200" fill="url(#cab)" stroke="#5d4c38" stroke-width="3"/><path d="M${windowLeft(i) + 74} 130 v196 M${windowLeft(i) + 24} 195 h100 M${windowLeft(i) + 24} 262 h100" stroke="#5d4c38" stroke-width="3"/>`,
        )
        .join('') +
      signs,
  };
}

/** The chair of a clerk: what remains when the clerk is away. */
export function officeChair(x: number, y: number): Drawing {
  return {
    bounds: { x: x - 80, y: y - 190, width: 160, height: 195 },
    body:
      `<g transform="translate(${x} ${y})"><defs>${fallShade('chair', '#3b4046', 0.55)}</defs>` +
      `<path d="M-58 0 C-66 -60 -62 -140 -44 -152 C-20 -162 20 -162 44 -152 C62 -140 66 -60 58 0Z" fill="url(#chair)"/>` +
      `<path d="M-40 -138 C-46 -90 -46 -40 -42 0 M40 -138 C46 -90 46 -40 42 0" stroke="#22262b" stroke-width="3" fill="none"/></g>`,
  };
}

/** Counter, screens and the low glass of each window: in front of the staff, behind the citizens. */
export function hallCounters(): Drawing {
  const counters = [0, 1, 2]
    .map((i) => {
      const left = windowLeft(i);
      const right = left + WINDOW_WIDTH;
      return (
        `<path d="M${left} ${COUNTER_TOP} L${right} ${COUNTER_TOP} L${right + 6} ${COUNTER_TOP + 54} L${left - 6} ${COUNTER_TOP + 54}Z" fill="url(#top)"/>` +
        `<rect x="${left - 6}" y="${COUNTER_TOP + 54}" width="${WINDOW_WIDTH + 12}" height="150" fill="url(#front)"/>` +
        `<path d="M${left - 6} ${COUNTER_TOP + 54} h${WINDOW_WIDTH + 12}" stroke="#5b6369" stroke-width="4"/>` +
        `<rect x="${left + 20}" y="${COUNTER_TOP + 80}" width="${WINDOW_WIDTH - 40}" height="96" fill="none" stroke="#8a9299" stroke-width="3"/>` +
        // a screen seen from behind, at the left of the clerk
        `<path d="M${left + 60} ${COUNTER_TOP - 84} h96 v72 h-96Z" fill="url(#screen)" stroke="#15171a" stroke-width="3"/><path d="M${left + 98} ${COUNTER_TOP - 12} h20 l6 22 h-32Z" fill="#23272c"/>`
      );
    })
    .join('');
  const posts = [0, 1, 2, 3]
    .map(
      (i) =>
        `<rect x="${windowLeft(i) - 17}" y="108" width="12" height="${COUNTER_TOP - 54}" fill="#9fb3bb" opacity="0.9"/>`,
    )
    .join('');
  return {
    bounds: whole,
    body: `<defs>${fallShade('top', '#d9d4c8', 0.85)}${fallShade('front', '#b4bbc0', 0.62)}${fallShade('screen', '#33383e', 0.6)}</defs>${posts}${counters}`,
  };
}

/** Where the near edge of the evaluation table's far side runs, and where people sit and stand behind it. */
export const TABLE_TOP = 452;
export const ROOM_SEATS = [360, 640, 920] as const;
export const ROOM_DOOR_X = 1130;

/** An evaluation room: wall, window blind, door. */
export function roomBackground(): Drawing {
  const slats = Array.from(
    { length: 11 },
    (_, i) => `<path d="M110 ${92 + i * 18} h300" stroke="#a9b3b8" stroke-width="3"/>`,
  ).join('');
  return {
    bounds: whole,
    body:
      `<defs>${fallShade('rwall', '#d2cec2', 0.8)}${fallShade('rfloor', '#8f7a62', 0.7)}${fallShade('door', '#7d5a3c', 0.7)}</defs>` +
      `<rect width="1280" height="520" fill="url(#rwall)"/><rect y="500" width="1280" height="220" fill="url(#rfloor)"/><rect y="492" width="1280" height="12" fill="#877b68"/>` +
      `<rect x="104" y="76" width="312" height="220" fill="#e4ecef" stroke="#8b9499" stroke-width="6"/>${slats}` +
      `<rect x="700" y="70" width="160" height="130" fill="#eef1f2" stroke="#6d757a" stroke-width="8"/><path d="M722 100 h90 M722 124 h116 M722 148 h70" stroke="#9aa7af" stroke-width="5"/>` +
      `<rect x="1060" y="130" width="160" height="372" fill="url(#door)" stroke="#4f3822" stroke-width="6"/><circle cx="1084" cy="330" r="8" fill="#d5bd79"/>` +
      `<path d="M0 620 L1280 610 M300 504 L180 720 M640 504 L640 720 M980 504 L1090 720" stroke="#7a674f" stroke-width="2" fill="none"/>`,
  };
}

/** The evaluation table with papers: in front of those who sit. */
export function roomTable(): Drawing {
  const papers = ROOM_SEATS.map(
    (x) =>
      `<path d="M${x - 50} ${TABLE_TOP + 30} l86 -4 l14 34 l-104 4Z" fill="#f3f1ea" stroke="#b8b4a8" stroke-width="2"/><path d="M${x - 36} ${TABLE_TOP + 40} l66 -3 M${x - 38} ${TABLE_TOP + 48} l74 -3" stroke="#a6abb0" stroke-width="2"/>`,
  ).join('');
  return {
    bounds: whole,
    body:
      `<defs>${fallShade('ttop', '#a77c50', 0.85)}${fallShade('tfront', '#7d5a37', 0.6)}</defs>` +
      `<path d="M190 ${TABLE_TOP} L1010 ${TABLE_TOP} L1060 ${TABLE_TOP + 92} L140 ${TABLE_TOP + 92}Z" fill="url(#ttop)"/><path d="M140 ${TABLE_TOP + 92} h920 v40 h-920Z" fill="url(#tfront)"/>` +
      `<path d="M190 ${TABLE_TOP + 132} v136 h30 v-136Z M980 ${TABLE_TOP + 132} v136 h30 v-136Z" fill="#5d4228"/>${papers}`,
  };
}
