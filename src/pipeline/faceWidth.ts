import type { Config } from '../core/config/schema.js';

/**
 * Width of the analysed picture from which the faces of a room can be compared, pixels: at 1280 somebody five metres away under a
 * lens of 90 degrees has a face of some 32 pixels, the least that is good enough.
 */
const LEAST_FACE_WIDTH = 1280;

/** The width a camera's picture must have for the faces of its rooms; undefined where no face is looked for in it. */
export function faceWidthOf(config: Config, camera: string): number | undefined {
  const { rooms, rules, faces, cameras } = config;
  const used = rules.sealedRoom.enabled && rules.sealedRoom.faces && faces.enabled;
  // Nobody of a drawn hall has a face to compare.
  const drawn = cameras.find(({ id }) => id === camera)?.source.startsWith('sim:') ?? false;
  return used && !drawn && rooms.some((room) => room.cameras.includes(camera)) ? LEAST_FACE_WIDTH : undefined;
}
