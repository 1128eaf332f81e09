import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../src/core/config/load.js';
import { windowZones } from '../../../src/ingest/simulator/layout.js';
import { findScene } from '../../../src/ingest/simulator/scenes.js';

const HALL = 'config/simulated-hall.yaml';

describe('config/simulated-hall.yaml', () => {
  const config = loadConfig(HALL, {});
  const sceneOf = (camera: string) => findScene(config.cameras.find((one) => one.id === camera)!.source.slice(4));

  it('names scenes that exist and has at least six windows and one evaluation room', () => {
    expect(config.cameras.map((camera) => findScene(camera.source.slice(4)).kind)).toEqual(['hall', 'hall', 'room']);
    expect(config.windows.length).toBeGreaterThanOrEqual(6);
    expect(config.rooms).toHaveLength(1);
  });

  it.each(config.windows.map((window) => [window.id, window] as const))(
    'draws the zones of %s where its window is drawn',
    (id, window) => {
      const scene = sceneOf(window.camera);
      const slot = scene.kind === 'hall' ? scene.windows.findIndex((one) => one.id === id) : -1;
      const { staffZone, citizenZone, deskZone } = window;
      expect({ staffZone, citizenZone, deskZone }).toEqual(windowZones(slot));
    },
  );

  it('sees each room of a scene in the configuration', () => {
    const [room] = config.rooms;
    const scene = sceneOf(room!.cameras[0]!);
    expect(scene.kind === 'room' && scene.room).toBe(room!.id);
  });
});

describe('config/hall.example.yaml', () => {
  it('is valid: four windows and one evaluation room', () => {
    const env = { HALL_CAMERA_PASSWORD: 'not a real one' };
    const config = loadConfig('config/hall.example.yaml', env);
    expect(config.windows.map((window) => window.id)).toEqual(['A01', 'A02', 'A03', 'A04']);
    expect(config.rooms.map((room) => room.id)).toEqual(['R1']);
    expect(config.windows[2]!.rules.absence?.absentAfter).toBe(600_000);
  });
});
