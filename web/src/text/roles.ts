import type { Role } from '../../../src/board/access/actions.js';
import type { TextKey } from '../locales/all.js';

export const roleText: Record<Role, TextKey> = {
  'hall-supervisor': 'shell.roleHallSupervisor',
  'bid-supervisor': 'shell.roleBidSupervisor',
  manager: 'shell.roleManager',
  staff: 'shell.roleStaff',
  admin: 'shell.roleAdmin',
  auditor: 'shell.roleAuditor',
};
