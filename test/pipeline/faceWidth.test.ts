import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/core/config/load.js';
import { faceWidthOf } from '../../src/pipeline/faceWidth.js';

const configOf = (more: object) =>
  parseConfig(
    JSON.stringify({
      site: { id: 't', name: 't' },
      cameras: [
        { id: 'room', source: 'rtsp://127.0.0.1/room' },
        { id: 'drawn', source: 'sim:room-1' },
        { id: 'hall', source: 'rtsp://127.0.0.1/hall' },
      ],
      rooms: [{ id: 'R1', cameras: ['room', 'drawn'] }],
      ...more,
    }),
    'test',
  );

describe('the width a picture must have for faces', () => {
  it.each([
    ['a room, by default', {}, [1280, undefined, undefined]],
    ['faces switched off', { faces: { enabled: false } }, [undefined, undefined, undefined]],
    ['a rule that counts alone', { rules: { sealedRoom: { faces: false } } }, [undefined, undefined, undefined]],
    ['no sealed room watched', { rules: { sealedRoom: { enabled: false } } }, [undefined, undefined, undefined]],
  ])('%s', (_, more, expected) => {
    const config = configOf(more);
    expect(['room', 'drawn', 'hall'].map((id) => faceWidthOf(config, id))).toEqual(expected);
  });
});
