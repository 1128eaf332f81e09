import { type Drawing, fallShade } from './svg.js';

/** A mug; `x`, `y` is the middle of its foot, scene pixels. */
export function cup(x: number, y: number): Drawing {
  return {
    bounds: { x: x - 36, y: y - 72, width: 84, height: 80 },
    body:
      `<g transform="translate(${x} ${y})"><defs><linearGradient id="cup" x1="0" x2="1"><stop offset="0" stop-color="#f6f4f0"/><stop offset="0.6" stop-color="#dcd7cf"/><stop offset="1" stop-color="#8f8a82"/></linearGradient></defs>` +
      '<ellipse cx="2" cy="0" rx="34" ry="7" fill="#000" opacity="0.28"/>' +
      '<path d="M22 -48 C46 -52 46 -12 20 -14 L21 -22 C34 -22 34 -42 22 -40Z" fill="#b9b3aa"/>' +
      '<path d="M-27 -58 L-22 -4 C-14 4 14 4 22 -4 L27 -58Z" fill="url(#cup)"/>' +
      '<path d="M-25 -38 L-23.4 -22 C-12 -17 12 -17 23.4 -22 L25 -38 C12 -33 -12 -33 -25 -38Z" fill="#b0392f"/>' +
      '<ellipse cx="0" cy="-58" rx="27" ry="9" fill="#eae6df"/><ellipse cx="0" cy="-57" rx="22" ry="6.5" fill="#4a2c17"/></g>',
  };
}

/** A leather handbag; `x`, `y` is the middle of its foot, scene pixels. */
export function handbag(x: number, y: number): Drawing {
  return {
    bounds: { x: x - 64, y: y - 124, width: 128, height: 132 },
    body:
      `<g transform="translate(${x} ${y})"><defs>${fallShade('bag', '#7a3b22', 0.5)}</defs>` +
      '<ellipse cx="0" cy="0" rx="62" ry="8" fill="#000" opacity="0.3"/>' +
      '<path d="M-30 -70 C-30 -128 30 -128 30 -70" stroke="#4c2313" stroke-width="7" fill="none"/><path d="M-26 -70 C-26 -118 26 -118 26 -70" stroke="#8d4c30" stroke-width="2" fill="none"/>' +
      '<path d="M-46 -76 L46 -76 L58 -4 C40 4 -40 4 -58 -4Z" fill="url(#bag)"/>' +
      '<path d="M-48 -76 L48 -76 L52 -44 C20 -30 -20 -30 -52 -44Z" fill="#8a4528" stroke="#4c2313" stroke-width="2"/>' +
      '<path d="M-54 -10 C-30 -4 30 -4 54 -10" stroke="#4c2313" stroke-width="2" stroke-dasharray="5 4" fill="none"/>' +
      '<rect x="-9" y="-46" width="18" height="16" rx="3" fill="#d8b45a" stroke="#7d6226" stroke-width="2"/></g>',
  };
}

/** Sheets of paper that lie on a counter; `x`, `y` is their middle, scene pixels. */
export function papers(x: number, y: number): Drawing {
  const lines = (top: number): string =>
    [0, 7, 14].map((dy) => `<path d="M-24 ${top + dy} h44" stroke="#8a8f96" stroke-width="2"/>`).join('');
  return {
    bounds: { x: x - 60, y: y - 24, width: 120, height: 48 },
    body:
      `<g transform="translate(${x} ${y})"><path d="M-46 -16 L30 -20 L46 14 L-52 18Z" fill="#f6f5f0" stroke="#b9b6ac" stroke-width="2"/>${lines(-10)}` +
      '<path d="M6 -12 L52 -8 L58 20 L2 16Z" fill="#eef1f6" stroke="#b4b9c2" stroke-width="2"/><path d="M14 -2 h30 M15 6 h32" stroke="#7f95b8" stroke-width="2"/></g>',
  };
}
