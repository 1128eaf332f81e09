import type { Config, RoomConfig } from '../core/config/schema.js';
import type { RoomLive } from '../core/live.js';
import type { AttachedRule } from './attachedRule.js';
import { type SealedRoomDeps, sealedRoomRule } from './sealedRoomRule.js';
import { speechRules } from './speechRule.js';

/**
 * The rules of one evaluation room, as the configuration asks for them. Without `sealed` nobody knows which evaluation runs:
 * persons are counted and nothing is said of them.
 */
export function roomRules(config: Config, room: RoomConfig, sealed?: SealedRoomDeps): AttachedRule<RoomLive>[] {
  const judged = sealed && config.rules.sealedRoom.enabled;
  return [...(judged ? [sealedRoomRule(config, room, sealed)] : []), ...speechRules(config, room)];
}
