import { type Drawing, fallShade, roundShade, shade } from './svg.js';

/** What tells one drawn person from another. Colours are `#rrggbb`. */
export interface Look {
  skin: string;
  hair: string;
  coat: string;
  shirt: string;
  /** Hair tied up at the back instead of cut short. */
  tiedHair: boolean;
}

export interface Pose {
  /** Where the person is: middle of the waist (seated) or of the feet (standing), scene pixels. */
  x: number;
  y: number;
  /** 1: a head is about 92 scene pixels high. */
  scale: number;
  /** A small lean of the head, -1 to 1, so that nobody sits like a statue. */
  lean: number;
}

/** Prefix of gradient names. Every drawing is rasterised on its own, so that names never meet. */
const id = 'p';

const placed = (pose: Pose, inner: string): string =>
  `<g transform="translate(${pose.x} ${pose.y}) scale(${pose.scale})">${inner}</g>`;

function face(look: Look, lean: number): string {
  const turn = lean * 5;
  const brow = shade(look.hair, 0.9);
  const mouth = shade(look.skin, 0.55);
  return (
    `<ellipse cx="-35" cy="2" rx="7" ry="12" fill="${shade(look.skin, 0.8)}"/><ellipse cx="35" cy="2" rx="7" ry="12" fill="${shade(look.skin, 0.65)}"/>` +
    `<path d="M-34 -14 C-36 26 -18 48 0 49 C18 48 36 26 34 -14 C32 -44 -32 -44 -34 -14Z" fill="url(#${id}s)"/>` +
    `<path d="M8 -40 C34 -34 36 10 26 26 C20 40 10 48 0 49 C22 30 22 -10 8 -40Z" fill="#000" opacity="0.10"/>` +
    `<g transform="translate(${turn} 0)">` +
    `<path d="M-24 -11 q9 -6 18 -1" stroke="${brow}" stroke-width="3.4" fill="none"/><path d="M7 -12 q9 -5 18 1" stroke="${brow}" stroke-width="3.4" fill="none"/>` +
    `<ellipse cx="-15" cy="-1" rx="7" ry="3.6" fill="#f2eee9"/><ellipse cx="15" cy="-1" rx="7" ry="3.6" fill="#e6e0da"/>` +
    `<circle cx="-15" cy="-1" r="3.4" fill="#241a15"/><circle cx="15" cy="-1" r="3.4" fill="#241a15"/>` +
    `<path d="M-22 -3 q7 -5 14 0 M8 -3 q7 -5 14 0" stroke="#2a1d18" stroke-width="1.8" fill="none"/>` +
    `<path d="M1 -2 q5 13 3 17 q-4 4 -9 1" stroke="${shade(look.skin, 0.62)}" stroke-width="2.4" fill="none"/>` +
    `<path d="M-11 28 q11 7 22 0 q-11 -4 -22 0Z" fill="${mouth}"/><path d="M-10 35 q10 4 20 0" stroke="${shade(look.skin, 0.72)}" stroke-width="2" fill="none"/>` +
    '</g>'
  );
}

const hairOf = (look: Look): string =>
  look.tiedHair
    ? `<path d="M-37 30 C-46 -6 -44 -54 2 -59 C44 -54 46 -6 37 30 C34 34 30 30 30 24 C34 0 32 -14 22 -26 C8 -20 -12 -22 -22 -32 C-32 -18 -34 2 -30 24 C-30 30 -34 34 -37 30Z" fill="url(#${id}h)"/><ellipse cx="0" cy="-62" rx="19" ry="14" fill="url(#${id}h)"/>`
    : `<path d="M-37 -4 C-42 -44 -22 -58 2 -58 C30 -58 42 -40 37 -4 C34 -16 30 -24 24 -28 C8 -22 -12 -26 -24 -32 C-31 -24 -35 -14 -37 -4Z" fill="url(#${id}h)"/>`;

const gradients = (look: Look): string =>
  `<defs>${roundShade(`${id}s`, look.skin)}${roundShade(`${id}h`, look.hair)}${fallShade(`${id}c`, look.coat, 0.5)}${fallShade(`${id}l`, look.coat, 0.62)}${fallShade(`${id}t`, look.shirt, 0.75)}${fallShade(`${id}n`, shade(look.skin, 0.85), 0.6)}</defs>`;

/** Somebody who sits and faces the camera, arms on the counter; the counter hides the rest. */
export function seatedPerson(look: Look, pose: Pose): Drawing {
  const dark = shade(look.coat, 0.42);
  const body =
    gradients(look) +
    // torso, shirt, tie, sleeves
    `<path d="M-64 6 C-70 -60 -92 -104 -70 -132 C-52 -148 -24 -150 -16 -160 L16 -160 C24 -150 52 -148 70 -132 C92 -104 70 -60 64 6Z" fill="url(#${id}c)"/>` +
    `<path d="M-16 -158 L0 -96 L16 -158 C10 -150 -10 -150 -16 -158Z" fill="url(#${id}t)"/>` +
    `<path d="M-17 -158 L-28 -140 L-1 -92 L-14 -120Z M17 -158 L28 -140 L1 -92 L14 -120Z" fill="${shade(look.coat, 0.75)}"/>` +
    `<path d="M-4 -140 L4 -140 L7 -60 L0 -48 L-7 -60Z" fill="${dark}" opacity="0.85"/>` +
    `<path d="M-1 -92 C-3 -60 -2 -20 -2 6" stroke="${dark}" stroke-width="2.5" fill="none"/>` +
    `<path d="M-72 -128 C-98 -104 -100 -50 -92 -16 C-86 4 -40 10 -22 2 L-24 -20 C-44 -18 -58 -26 -58 -44 C-56 -70 -62 -92 -72 -128Z" fill="url(#${id}l)"/>` +
    `<path d="M72 -128 C98 -104 100 -50 92 -16 C86 4 40 10 22 2 L24 -20 C44 -18 58 -26 58 -44 C56 -70 62 -92 72 -128Z" fill="url(#${id}l)"/>` +
    `<path d="M-58 -92 C-60 -70 -58 -52 -58 -40 M58 -92 C60 -70 58 -52 58 -40" stroke="${dark}" stroke-width="3" fill="none" opacity="0.7"/>` +
    `<path d="M56 -126 C84 -100 88 -40 80 -6 C92 -40 92 -100 72 -130Z" fill="#000" opacity="0.18"/>` +
    // hands
    `<ellipse cx="-13" cy="-8" rx="17" ry="11" fill="url(#${id}s)"/><ellipse cx="14" cy="-7" rx="17" ry="11" fill="url(#${id}s)"/>` +
    `<path d="M-24 -6 h14 M-22 -2 h13 M8 -5 h14 M9 -1 h13" stroke="${shade(look.skin, 0.66)}" stroke-width="1.4"/>` +
    // neck and head
    `<path d="M-16 -188 L-17 -154 C-8 -144 8 -144 17 -154 L16 -188Z" fill="url(#${id}n)"/>` +
    `<g transform="translate(${pose.lean * 4} -218) rotate(${pose.lean * 4})">${face(look, pose.lean)}${hairOf(look)}</g>`;
  return {
    bounds: {
      x: pose.x - 115 * pose.scale,
      y: pose.y - 290 * pose.scale,
      width: 230 * pose.scale,
      height: 310 * pose.scale,
    },
    body: placed(pose, body),
  };
}

/** The head of somebody who looks to the right, ear at the origin. */
function profile(look: Look): string {
  const line = shade(look.skin, 0.55);
  return (
    `<path d="M-26 -24 C-30 20 -14 34 -6 40 L14 48 C24 50 31 44 31 36 L30 30 L34 26 L31 21 L35 17 C34 13 33 11 33 9 C40 8 42 5 40 2 L32 -12 C34 -30 26 -46 4 -48 C-14 -48 -24 -40 -26 -24Z" fill="url(#${id}s)"/>` +
    `<path d="M-8 38 C8 40 20 30 14 48 L2 46Z" fill="#000" opacity="0.16"/>` +
    `<path d="M16 -14 q8 -4 14 -1" stroke="${shade(look.hair, 0.9)}" stroke-width="3.4" fill="none"/><path d="M18 -5 q6 -5 12 -1 q-5 4 -12 1Z" fill="#efe9e3"/><circle cx="26" cy="-5" r="3" fill="#241a15"/>` +
    `<path d="M22 25 q6 -1 11 1" stroke="${line}" stroke-width="2.6" fill="none"/><path d="M33 9 q-5 1 -7 -3" stroke="${line}" stroke-width="2" fill="none"/>` +
    (look.tiedHair
      ? `<path d="M-38 66 C-48 8 -44 -54 4 -58 C28 -56 36 -40 32 -24 C22 -34 10 -34 4 -26 C2 -10 2 8 -2 22 C-2 44 -6 60 -12 70 C-22 74 -32 72 -38 66Z" fill="url(#${id}h)"/>`
      : `<path d="M-24 26 C-40 -8 -36 -56 4 -58 C26 -58 38 -44 32 -24 C24 -34 12 -36 4 -28 C2 -16 0 -10 -4 -8 C-6 4 -8 20 -24 26Z" fill="url(#${id}h)"/>`) +
    (look.tiedHair
      ? ''
      : `<path d="M-7 -4 q9 -5 10 6 q0 10 -8 12 q-6 -8 -2 -18Z" fill="${shade(look.skin, 0.86)}" stroke="${line}" stroke-width="1.6"/>`)
  );
}

/** Somebody who stands at the counter and speaks to the clerk on the right; origin between the feet. */
export function standingPerson(look: Look, pose: Pose): Drawing {
  const dark = shade(look.coat, 0.42);
  const trousers = '#2e3442';
  const body =
    gradients(look) +
    `<defs>${fallShade(`${id}k`, trousers, 0.6)}${fallShade(`${id}j`, shade(trousers, 0.75), 0.6)}</defs><ellipse cx="0" cy="0" rx="74" ry="13" fill="#000" opacity="0.3"/>` +
    // far leg, near leg, shoes
    `<path d="M4 -262 C24 -180 30 -90 30 -12 L58 -12 C60 -100 58 -190 44 -262Z" fill="url(#${id}j)"/><path d="M30 -14 h28 q22 6 20 14 h-48Z" fill="#141517"/>` +
    `<path d="M-46 -262 C-48 -170 -40 -90 -34 -12 L0 -12 C4 -80 12 -150 20 -210 L40 -262Z" fill="url(#${id}k)"/><path d="M-36 -14 h36 q24 6 22 14 h-56Z" fill="#1b1c1f"/>` +
    `<path d="M-20 -200 C-16 -130 -14 -70 -12 -14" stroke="#171b24" stroke-width="3" fill="none" opacity="0.7"/>` +
    // far arm, torso, near arm on the counter
    `<path d="M30 -380 C52 -350 66 -316 104 -306 L110 -284 C72 -284 40 -306 24 -336Z" fill="${shade(look.coat, 0.6)}"/>` +
    `<path d="M-52 -232 C-58 -300 -66 -362 -44 -394 C-32 -412 -14 -416 -4 -424 L18 -420 C42 -408 52 -376 50 -330 C50 -290 50 -260 48 -232 C20 -222 -24 -222 -52 -232Z" fill="url(#${id}c)"/>` +
    `<path d="M14 -420 L30 -404 L38 -330 L28 -404Z" fill="url(#${id}t)"/>` +
    `<path d="M40 -396 C34 -340 40 -290 38 -232 M-46 -252 q40 12 92 2" stroke="${dark}" stroke-width="3" fill="none" opacity="0.6"/>` +
    `<path d="M-34 -394 C-56 -372 -54 -318 -36 -288 C-20 -264 20 -262 84 -276 L80 -302 C40 -296 12 -300 6 -318 C4 -350 6 -380 -8 -396Z" fill="url(#${id}l)"/>` +
    `<path d="M-28 -330 q18 20 44 30 M-38 -300 q10 16 26 22 M-30 -386 C-44 -360 -44 -326 -30 -300" stroke="${dark}" stroke-width="3" fill="none" opacity="0.65"/>` +
    `<path d="M80 -303 q26 -8 34 8 q-2 18 -30 18Z" fill="url(#${id}s)"/><path d="M96 -298 l14 4 M94 -290 l16 2" stroke="${shade(look.skin, 0.6)}" stroke-width="1.6"/>` +
    // neck, collar, head
    `<path d="M-20 -452 L-18 -414 C-6 -404 8 -406 20 -416 L14 -446Z" fill="url(#${id}n)"/><path d="M-24 -424 q22 18 46 4 l2 10 q-24 14 -50 -2Z" fill="${shade(look.coat, 0.78)}"/>` +
    `<g transform="translate(${pose.lean * 4} -474) rotate(${pose.lean * 4})">${profile(look)}</g>`;
  return {
    bounds: {
      x: pose.x - 90 * pose.scale,
      y: pose.y - 545 * pose.scale,
      width: 215 * pose.scale,
      height: 565 * pose.scale,
    },
    body: placed(pose, body),
  };
}
