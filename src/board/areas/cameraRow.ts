import type { AnswerOf } from '../api/contract.js';

/** A camera as the list shows it. */
export type CameraRow = AnswerOf<'listCameras'>['items'][number];

/** What kind of source an address names. */
export function kindOf(source: string): CameraRow['kind'] {
  const scheme = source.slice(0, source.indexOf(':'));
  if (scheme === 'onvif' || scheme === 'file' || scheme === 'sim') return scheme;
  return scheme === 'http' || scheme === 'https' ? 'http' : 'rtsp';
}

/** A simulated camera waits for a restart; any other is opened while the hall runs. */
export const isBound = (source: string): boolean => kindOf(source) === 'sim';
