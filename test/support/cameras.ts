import type { CameraConfig, Config } from '../../src/core/config/schema.js';

/** A camera's settings as the configuration gives them, picture health off. */
export const testCamera = (settings: Partial<CameraConfig> = {}): CameraConfig => ({
  id: 'cam-1',
  source: 'rtsp://camera.test/sub',
  lookEvery: 2000,
  analysisWidth: 640,
  health: { enabled: false, frozenAfter: 45_000, moved: true },
  ...settings,
});

export const testIngest: Config['ingest'] = { offlineAfter: 10_000, sparseKeyframes: 4000 };
