import type { Language } from '../core/i18n/translate.js';
import type { ScryptCost } from './accounts/password.js';
import { openSeal } from './accounts/seal.js';
import { sessionKeeper } from './accounts/sessions.js';
import { doorkeeper } from './accounts/signIn.js';
import { accountArea } from './areas/accounts.js';
import { arrivalArea } from './areas/arrivals.js';
import { attendanceArea } from './areas/attendance.js';
import { cameraArea } from './areas/cameras.js';
import { courtesyArea } from './areas/courtesy.js';
import { deskArea } from './areas/desks.js';
import { dutyArea } from './areas/duty.js';
import { evaluationArea } from './areas/evaluations.js';
import { evidenceArea } from './areas/evidence.js';
import { incidentActs } from './areas/incidentActs.js';
import { incidentArea } from './areas/incidents.js';
import { leaveArea } from './areas/leaves.js';
import { hallClockNow, liveArea } from './areas/live.js';
import { mineArea } from './areas/mine.js';
import { patrolArea } from './areas/patrols.js';
import { registerArea } from './areas/register.js';
import { reportArea } from './areas/reports.js';
import { roomAreasArea } from './areas/roomAreas.js';
import { roomArea } from './areas/rooms.js';
import { ruleArea } from './areas/rules.js';
import { seatArea } from './areas/seats.js';
import { sessionArea } from './areas/session.js';
import { suppressionArea } from './areas/suppressions.js';
import { systemArea } from './areas/system.js';
import { wordArea } from './areas/words.js';
import { zoneArea } from './areas/zones.js';
import { openConfigFile } from './configEdit/configFile.js';
import type { BoardDeps } from './createBoard.js';
import { openPosts } from './duty/posts.js';
import { standbyRegister } from './duty/standby.js';
import { evaluationView } from './evaluations/evaluationView.js';
import { eventNow } from './hall/eventNow.js';
import { currentHall } from './hall/hall.js';
import { liveView } from './hall/liveView.js';
import { auditTrail } from './http/auditTrail.js';
import type { BindDeps } from './http/bind.js';
import type { Handlers } from './http/call.js';
import { eventStream } from './http/eventStream.js';
import { requestCounter } from './http/metrics.js';
import { rateLimit } from './http/rateLimit.js';
import { replayGuard } from './http/replay.js';
import { runEscalations } from './incidents/escalations.js';
import { incidentIndex } from './incidents/incidentIndex.js';
import { incidentView } from './incidents/incidentView.js';
import { peopleOf } from './incidents/people.js';
import { openSuppressions } from './incidents/suppressions.js';
import type { SystemPort } from './ports.js';
import { roomSpeech } from './speech/roomSpeech.js';
import { viewRegister } from './viewRegister.js';

/** A page takes about 60 calls, a wall of 24 cameras without live video 24 pictures a second. */
const CALLS = { burst: 600, perMinute: 2000 };
const SIGN_INS = { burst: 20, perMinute: 6 };

type PartDeps = BoardDeps & { passwordCost: ScryptCost; secretsFolder: string };

/** Makes the parts of the board and joins them. One screen of wiring, no behaviour. */
export function boardParts(deps: PartDeps) {
  const { ledger, live, clock, log, config, version } = deps;
  const startedAt = clock.now();
  const secure = deps.publicUrl?.startsWith('https:') ?? false;
  const system: SystemPort = deps.system ?? { sinks: [] };
  const hall = currentHall(config);
  const configFile = openConfigFile(config, deps.env);
  const people = peopleOf(ledger);
  const posts = openPosts(ledger);
  const index = incidentIndex(ledger);
  const now = eventNow(live, clock);
  const suppressions = openSuppressions(ledger, index);
  const view = incidentView({ index, hall, posts, people, live, suppressions, clock });
  const views = viewRegister(ledger, clock);
  const events = eventStream({ ledger, live, clock, log, hallClock: () => hallClockNow({ live, clock, system }) });
  const sessions = sessionKeeper({ ledger, clock, log });
  const audit = auditTrail(ledger, log);
  const seal = openSeal(deps.dataFolder);
  const cost = deps.passwordCost;
  const hallLanguage = (): Language => hall().config.language;
  const caller = { ledger, sessions, clock, log, secure, hallLanguage };
  const shared = { ledger, hall, clock, people, posts, index, view, views, events, configFile, system, sessions, cost };
  // Loops are folded now, before anybody waits for an answer.
  for (const { id } of index.within(undefined, undefined)) index.loopOf(id);
  const monthFrozen = deps.monthFrozen ?? deps.reports?.frozenAt ?? (() => false);
  const detail = { ...shared, evidence: deps.evidence, monthFrozen };
  const dutyChanged = deps.dutyChanged ?? (() => {});
  const liveNow = liveView(live, hall);
  const { faces, arrivalPhotos } = deps;
  const evaluations = evaluationView({ ledger, hall, people, faces });

  const handlers: Handlers = {
    ...sessionArea({
      ...shared,
      ...{ seal, audit, secure, version },
      doorkeeper: doorkeeper({ ledger, clock, seal, cost }),
      signInLimit: rateLimit(SIGN_INS, clock),
    }),
    ...mineArea(shared),
    ...liveArea({ ...shared, live, liveView: liveNow, caller }),
    ...incidentArea(detail),
    ...incidentActs(detail),
    ...evidenceArea({ ...shared, proof: deps.proof }),
    ...suppressionArea({ hall, people, now, suppressions }),
    ...cameraArea({ ...shared, caller, liveView: liveNow, cameras: deps.cameras, secretsFolder: deps.secretsFolder }),
    ...zoneArea(shared),
    ...ruleArea({ ...shared, backtest: deps.backtest }),
    ...leaveArea({ ...shared, dutyChanged }),
    ...dutyArea({ ...shared, now, standby: standbyRegister(ledger), dutyChanged }),
    ...roomArea({ hall, liveView: liveNow, rooms: deps.rooms ?? {}, speech: roomSpeech({ ledger, index }) }),
    ...deskArea({ ledger, hall, people, now, desks: deps.desks, hearQueue: deps.hearQueue }),
    ...courtesyArea({ ledger, hall }),
    ...wordArea({ ledger, hall, index, people, now, words: deps.words }),
    ...evaluationArea({ ledger, hall, now, evaluations }),
    ...attendanceArea({ ledger, hall, people, now, faces, arrivalPhotos }),
    ...arrivalArea({ ledger, people, now, evaluations, faces, arrivalPhotos }),
    ...reportArea({ hall, clock, reports: deps.reports }),
    ...patrolArea({ ledger, hall, now, configFile, patrol: deps.patrol, views }),
    ...seatArea(shared),
    ...roomAreasArea(shared),
    ...registerArea(shared),
    ...accountArea(shared),
    ...systemArea({ ...shared, version, startedAt, dataFolder: deps.dataFolder, ledgerFile: deps.ledgerFile }),
  };
  const binding: BindDeps = {
    ...caller,
    replay: replayGuard(),
    publicUrl: deps.publicUrl,
    limit: rateLimit(CALLS, clock),
    audit,
    checkAnswers: deps.checkAnswers ?? false,
  };
  const stopEscalations = runEscalations({
    ...{ ledger, index, clock, log, moved: events.workflowMoved },
    tell: deps.tellLate ?? (() => []),
  });
  return {
    ...{ handlers, binding, ledger, events, system, secure, hall },
    requests: requestCounter(),
    close(): void {
      stopEscalations();
      events.close();
    },
  };
}

export type BoardParts = ReturnType<typeof boardParts>;
