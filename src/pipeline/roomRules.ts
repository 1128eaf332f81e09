import type { Config, RoomConfig } from '../core/config/schema.js';
import type { RoomLive } from '../core/live.js';
import type { AttachedRule } from './attachedRule.js';

/** The rules of one evaluation room, as the configuration asks for them. */
export function roomRules(_config: Config, _room: RoomConfig): AttachedRule<RoomLive>[] {
  return [];
}
