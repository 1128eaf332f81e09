import type { IncidentRecord } from '../../alerts/ledger/incidents.js';
import { refusalOf } from '../../alerts/workflow/guards.js';
import type { Clock } from '../../core/clock.js';
import { actionsOf, authorize } from '../access/authorize.js';
import type { Principal } from '../access/objects.js';
import { roleOf } from '../accounts/users.js';
import type { sessionRoutes } from '../api/contract/session.js';
import type { Posts } from '../duty/posts.js';
import type { Hall } from '../hall/hall.js';
import type { HandlersOf } from '../http/call.js';
import { findIncidents, type QueryDeps } from '../incidents/incidentQuery.js';
import { contextOf } from '../incidents/workflowContext.js';
import type { AccountsLedger } from '../ledgerPort.js';

export interface MineAreaDeps extends QueryDeps {
  ledger: Pick<AccountsLedger, 'users'>;
  posts: Posts;
  hall: () => Hall;
  clock: Clock;
}

/** What a member of staff sees of their own, and the people others can be assigned to. */
export function mineArea(deps: MineAreaDeps): HandlersOf<Pick<typeof sessionRoutes, 'getMine' | 'listPeople'>> {
  const { ledger, posts, hall, index, view, clock } = deps;
  const appealable = (record: IncidentRecord, principal: Principal): boolean => {
    const object = view.object(record);
    const context = contextOf({ principal, about: object.about, at: clock.now(), monthFrozen: false });
    return (
      authorize(principal, 'incident.appeal', object).allowed &&
      refusalOf('appeal', index.loopOf(record.id), context) === undefined
    );
  };
  return {
    getMine: {
      handle({ principal }) {
        const id = principal.kind === 'user' ? principal.id : '';
        const mine = findIncidents({ offset: 0, limit: 500, sort: 'newest' }, principal, deps);
        const appeals = mine.map((record) => index.loopOf(record.id).appeal?.state);
        return {
          posts: posts
            .all()
            .filter((post) => post.user === id)
            .map(({ window, from, to }) => ({ window, windowName: hall().subject(window).name, from, to })),
          incidents: mine.length,
          appealable: mine.filter((record) => appealable(record, principal)).length,
          appealsOpen: appeals.filter((appeal) => appeal === 'open').length,
        };
      },
    },
    listPeople: {
      handle({ query }) {
        const text = query.q?.toLowerCase() ?? '';
        const people = ledger.users
          .list()
          .filter((user) => !user.disabled && actionsOf(roleOf(user)).includes('incident.answer'))
          .filter((user) => `${user.name} ${user.displayName} ${user.unit}`.toLowerCase().includes(text))
          .map((user) => ({ id: user.id, name: user.displayName, role: roleOf(user), unit: user.unit }));
        return { items: people };
      },
    },
  };
}
