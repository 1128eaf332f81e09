import type { HoldRecord, HoldTarget } from '../../alerts/ledger/holds.js';
import type { Ledger } from '../../alerts/ledger/openLedger.js';
import type { Language } from '../../core/i18n/translate.js';
import type { IncidentId } from '../../core/ids.js';
import { eventMs } from '../../core/time.js';
import { authorize } from '../access/authorize.js';
import type { AccessObject, Principal } from '../access/objects.js';
import type { evidenceRoutes } from '../api/contract/evidence.js';
import type { AnswerOf } from '../api/contract.js';
import type { PackageJob, ProofPort } from '../evidencePort.js';
import type { Hall } from '../hall/hall.js';
import { ApiError } from '../http/apiError.js';
import type { HandlersOf } from '../http/call.js';
import { sendBytes } from '../http/sendBytes.js';
import type { IncidentView } from '../incidents/incidentView.js';
import type { People } from '../incidents/people.js';
import type { ViewRegister } from '../viewRegister.js';

export interface EvidenceAreaDeps {
  ledger: Pick<Ledger, 'holds' | 'incidents' | 'evaluations'>;
  hall: () => Hall;
  people: People;
  view: IncidentView;
  views: ViewRegister;
  /** Undefined where nothing is recorded. */
  proof: ProofPort | undefined;
}

const HOLDS_SHOWN = 500;

/** Recording, holds and packages. */
export function evidenceArea(deps: EvidenceAreaDeps): HandlersOf<typeof evidenceRoutes> {
  const { ledger, proof, people, hall, views } = deps;

  const user = (principal: Principal): Extract<Principal, { kind: 'user' }> => {
    if (principal.kind !== 'user') throw new ApiError('forbidden');
    return principal;
  };
  const packages = (): ProofPort['packages'] => {
    if (!proof) throw new ApiError('unavailable');
    return proof.packages;
  };
  const holdView = (hold: HoldRecord, principal: Principal, language: Language): AnswerOf<'placeHold'> => ({
    id: hold.id,
    kind: hold.target.kind,
    target: hold.target.id,
    from: hold.target.kind === 'camera' ? hold.target.from : null,
    to: hold.target.kind === 'camera' ? hold.target.to : null,
    reason: hold.reason,
    by: people(hold.by, language),
    placedAt: hold.placedAt,
    releasedAt: hold.releasedAt ?? null,
    releaseNote: hold.releaseNote ?? '',
    mayRelease: principal.kind === 'user' && principal.id === hold.by && hold.releasedAt === undefined,
  });
  const ask = (
    kind: PackageJob['kind'],
    target: string,
    { principal, reason }: { principal: Principal; reason: string },
  ) => {
    const { id } = user(principal);
    const place = kind === 'session' ? 'evaluations' : 'incidents';
    views.grant(user(principal), `package:${place}/${target}`, reason);
    return packageView(packages().ask({ kind, target, by: id, reason }));
  };
  const incidentObject = ({ id }: { id: string }): AccessObject => objectOf({ kind: 'incident', id }, deps);

  return {
    getEvidenceStatus: {
      handle() {
        if (!proof) return { state: 'unavailable', reason: 'no-recording' };
        const { recorders, notRecorded, disk, ...rest } = proof.status();
        const nameOf = (camera: string): string =>
          hall().config.cameras.find(({ id }) => id === camera)?.name ?? camera;
        return {
          state: 'ready',
          data: {
            ...rest,
            recorders: recorders.map(({ fallback, cause, ...row }) => {
              return { ...row, name: nameOf(row.camera), fallback: fallback ?? null, cause: cause ?? null };
            }),
            notRecorded: notRecorded.map((camera) => ({ camera, name: nameOf(camera) })),
            disk: { ...disk, hoursLeft: disk.hoursLeft ?? null },
          },
        };
      },
    },
    listHolds: {
      handle: ({ principal, language }) => ({
        items: ledger.holds
          .list(HOLDS_SHOWN)
          .filter(({ target }) => maySee(target, principal, deps))
          .map((hold) => holdView(hold, principal, language)),
      }),
    },
    placeHold: {
      handle({ principal, body, language }) {
        const target = targetOf(body);
        if (!maySee(target, principal, deps)) throw new ApiError('not-found');
        const hold = ledger.holds.place({ target, reason: body.reason, by: user(principal).id });
        return holdView(hold, principal, language);
      },
    },
    releaseHold: {
      handle({ principal, params, body, language }) {
        const hold = ledger.holds.get(Number(params.id));
        if (!hold || !maySee(hold.target, principal, deps)) throw new ApiError('not-found');
        return holdView(ledger.holds.release(hold.id, user(principal).id, body.note), principal, language);
      },
    },
    packageIncident: {
      object: incidentObject,
      handle: ({ params, principal, body }) => ask('incident', params.id, { principal, reason: body.reason }),
    },
    packageEvaluation: {
      handle({ params, principal, body }) {
        if (!ledger.evaluations.get(params.id as never)) throw new ApiError('not-found');
        return ask('session', params.id, { principal, reason: body.reason });
      },
    },
    listPackages: {
      handle({ principal }) {
        const items = proof ? proof.packages.list(user(principal).id).map(packageView) : [];
        return { items, total: items.length };
      },
    },
    getPackage: {
      async handle({ params, principal, response }) {
        const opened = packages().open(params.id, user(principal).id);
        if (!opened) throw new ApiError('not-found');
        response.setHeader('Content-Disposition', `attachment; filename="${opened.name}"`);
        response.type('application/zip');
        await sendBytes(response, opened.bytes);
      },
    },
    removePackage: {
      handle({ params, principal }) {
        if (!packages().remove(params.id, user(principal).id)) throw new ApiError('not-found');
        return { ok: true };
      },
    },
  };
}

const packageView = ({ by: _by, ...job }: PackageJob): AnswerOf<'packageIncident'> => job;

function targetOf(body: {
  kind: HoldTarget['kind'];
  target: string;
  from?: number | undefined;
  to?: number | undefined;
}): HoldTarget {
  const { kind, target: id, from, to } = body;
  if (kind !== 'camera') return { kind, id };
  if (from === undefined || to === undefined) {
    throw new ApiError('bad-input', {
      fields: [{ path: from === undefined ? 'from' : 'to', message: 'needed for a camera' }],
    });
  }
  return { kind, id, from: eventMs(from), to: eventMs(to) };
}

function objectOf(target: { kind: 'incident'; id: string }, { ledger, view }: EvidenceAreaDeps): AccessObject {
  const record = ledger.incidents.get(target.id as IncidentId);
  if (!record) throw new ApiError('not-found');
  return view.object(record);
}

/** Who may not see a thing neither locks it nor reads that it is locked. */
function maySee(target: HoldTarget, principal: Principal, deps: EvidenceAreaDeps): boolean {
  const { ledger, hall, view } = deps;
  switch (target.kind) {
    case 'incident': {
      const record = ledger.incidents.get(target.id as IncidentId);
      return record !== undefined && authorize(principal, 'incident.read', view.object(record)).allowed;
    }
    case 'evaluation':
      return (
        ledger.evaluations.get(target.id as never) !== undefined &&
        authorize(principal, 'evaluation.read', { kind: 'none' }).allowed
      );
    case 'camera': {
      const { cameras, rooms } = hall().config;
      const seesRoom = rooms.some((room) => room.cameras.includes(target.id) || room.audio === target.id);
      const object: AccessObject = { kind: 'camera', id: target.id, seesRoom };
      return cameras.some(({ id }) => id === target.id) && authorize(principal, 'camera.picture', object).allowed;
    }
  }
}
