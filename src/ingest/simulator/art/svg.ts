/** A piece of drawing: SVG elements, with the gradients they use beside them. */
export interface Drawing {
  /** Box the drawing may touch, scene pixels: left, top, width, height. */
  bounds: { x: number; y: number; width: number; height: number };
  /** SVG elements in scene pixels. */
  body: string;
}

/** Size of a scene in drawing units; pictures are rendered at half of it. */
export const SCENE_WIDTH = 1280;
export const SCENE_HEIGHT = 720;

/** `#rrggbb` made darker (below 1) or lighter (above 1). */
export function shade(colour: string, factor: number): string {
  const channel = (i: number): string => {
    const value = Number.parseInt(colour.slice(i, i + 2), 16) * factor;
    return Math.max(0, Math.min(255, Math.round(value)))
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1)}${channel(3)}${channel(5)}`;
}

/** A round light from the upper left: what gives a flat shape its volume. */
export function roundShade(id: string, colour: string): string {
  return (
    `<radialGradient id="${id}" cx="0.38" cy="0.32" r="0.8"><stop offset="0" stop-color="${shade(colour, 1.14)}"/>` +
    `<stop offset="0.55" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, 0.55)}"/></radialGradient>`
  );
}

/** A light that falls off from top to bottom. */
export function fallShade(id: string, colour: string, last = 0.6): string {
  return (
    `<linearGradient id="${id}" x1="0.3" y1="0" x2="0.7" y2="1"><stop offset="0" stop-color="${shade(colour, 1.1)}"/>` +
    `<stop offset="0.5" stop-color="${colour}"/><stop offset="1" stop-color="${shade(colour, last)}"/></linearGradient>`
  );
}
