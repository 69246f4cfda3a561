/**
 * Who may do what: the one table of the portal's acts with method, path and the roles that may. Every route is
 * registered through it (see routes.ts), so a route without a row cannot exist; a test walks role by act.
 */
import type { ControllerRole, Who } from '../core/model.ts';
import { provesPath } from '../core/proves.ts';

/** `visitor`: nobody is signed in, which these acts do not ask for. `several`: somebody who has not said for which client. */
export type Role = 'technician' | ControllerRole | 'contact' | 'dpo' | 'several' | 'visitor';

export interface Act {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly roles: readonly Role[];
}

const everybody: readonly Role[] = ['technician', 'representative', 'delegate', 'reader', 'contact', 'dpo'];
const anybody: readonly Role[] = [...everybody, 'several', 'visitor'];
const technicians: readonly Role[] = ['technician'];
const controllers: readonly Role[] = ['representative', 'delegate', 'reader'];
const bothSides: readonly Role[] = [...technicians, ...controllers];
/** Staff of the provider, who may contest what would break the law. */
const staff: readonly Role[] = ['technician', 'contact', 'dpo'];
const contacts: readonly Role[] = ['contact'];
/** The client’s people, those of the provider who answer them, and a technician in what they contested themselves. */
const aboutMatters: readonly Role[] = [...controllers, ...staff];
/** The provider's own people, who read. */
const providers: readonly Role[] = ['contact', 'dpo'];
const representatives: readonly Role[] = ['representative'];
/** A delegate only within a frame, which the log's writer looks at. */
const approvers: readonly Role[] = ['representative', 'delegate'];

export const acts = {
  clients: { method: 'get', path: '/clients', roles: ['several'] },
  home: { method: 'get', path: '/', roles: everybody },
  staffNotice: { method: 'get', path: '/staff-notice', roles: technicians },
  staffNoticeRead: { method: 'post', path: '/staff-notice', roles: technicians },
  enter: { method: 'get', path: '/enter', roles: technicians },
  declareForm: { method: 'get', path: '/declare', roles: technicians },
  declare: { method: 'post', path: '/declare', roles: technicians },
  continue: { method: 'post', path: '/continue', roles: technicians },
  go: { method: 'get', path: '/go/:ticket', roles: technicians },
  opening: { method: 'get', path: '/openings/:id', roles: technicians },
  openingExtend: { method: 'post', path: '/openings/:id/extend', roles: technicians },
  openingClose: { method: 'post', path: '/openings/:id/close', roles: technicians },
  openingPurpose: { method: 'post', path: '/openings/:id/purpose', roles: technicians },
  openingCorrect: { method: 'post', path: '/openings/:id/correct', roles: technicians },
  openingSummary: { method: 'post', path: '/openings/:id/summary', roles: technicians },
  openingSaid: { method: 'post', path: '/openings/:id/said', roles: technicians },
  openingTool: { method: 'post', path: '/openings/:id/tools', roles: technicians },
  device: { method: 'get', path: '/device', roles: technicians },
  deviceCheck: { method: 'post', path: '/device', roles: technicians },
  deviceConfirm: { method: 'post', path: '/device/confirm', roles: technicians },
  deviceEnd: { method: 'post', path: '/device/end', roles: technicians },
  openingCopies: { method: 'post', path: '/openings/:id/copies', roles: technicians },
  copies: { method: 'get', path: '/copies', roles: bothSides },
  copiesGone: { method: 'post', path: '/copies/gone', roles: technicians },
  ownRecord: { method: 'get', path: '/record/extract', roles: technicians },
  record: { method: 'get', path: '/record', roles: technicians },
  requests: { method: 'get', path: '/requests', roles: bothSides },
  requestForm: { method: 'get', path: '/requests/new', roles: technicians },
  requestRaise: { method: 'post', path: '/requests/new', roles: technicians },
  request: { method: 'get', path: '/requests/:id', roles: bothSides },
  requestAnswer: { method: 'post', path: '/requests/:id/answer', roles: technicians },
  requestRemind: { method: 'post', path: '/requests/:id/remind', roles: technicians },
  requestAsk: { method: 'post', path: '/requests/:id/ask', roles: controllers },
  requestRefuse: { method: 'post', path: '/requests/:id/refuse', roles: approvers },
  requestApprove: { method: 'post', path: '/requests/:id/approve', roles: approvers },
  proposing: { method: 'get', path: '/proposals', roles: contacts },
  proposalMake: { method: 'post', path: '/proposals', roles: contacts },
  proposal: { method: 'get', path: '/proposals/:id', roles: controllers },
  proposalAgree: { method: 'post', path: '/proposals/:id/agree', roles: representatives },
  proposalDecline: { method: 'post', path: '/proposals/:id/decline', roles: representatives },
  openAcross: { method: 'get', path: '/provider', roles: providers },
  openAt: { method: 'get', path: '/provider/open/:client', roles: providers },
  copiesAcross: { method: 'get', path: '/provider/copies', roles: providers },
  copiesAt: { method: 'get', path: '/provider/copies/:client', roles: providers },
  copiesGoneAt: { method: 'post', path: '/provider/copies/:client/gone', roles: contacts },
  endingsAcross: { method: 'get', path: '/provider/endings', roles: providers },
  endingAt: { method: 'get', path: '/provider/endings/:client', roles: providers },
  endingPdfAt: { method: 'get', path: '/provider/endings/:client/certificate/pdf', roles: providers },
  endingNotify: { method: 'post', path: '/provider/endings/:client/notice', roles: contacts },
  endingCertify: { method: 'post', path: '/provider/endings/:client/certificate', roles: contacts },
  rulesInForce: { method: 'get', path: '/provider/rules', roles: providers },
  standing: { method: 'get', path: '/provider/standing', roles: providers },
  rollout: { method: 'get', path: '/provider/rollout', roles: providers },
  providerHook: { method: 'get', path: '/provider/webhook', roles: providers },
  nowLive: { method: 'get', path: '/now/live', roles: controllers },
  activity: { method: 'get', path: '/activity', roles: controllers },
  activityLive: { method: 'get', path: '/activity/live', roles: controllers },
  history: { method: 'get', path: '/history', roles: controllers },
  viewSave: { method: 'post', path: '/history/views', roles: controllers },
  viewDrop: { method: 'post', path: '/history/views/:id/drop', roles: controllers },
  historyStory: { method: 'get', path: '/history/:id', roles: controllers },
  drill: { method: 'post', path: '/drill', roles: controllers },
  matters: { method: 'get', path: '/matters', roles: aboutMatters },
  matterForm: { method: 'get', path: '/matters/new', roles: controllers },
  matterAsk: { method: 'post', path: '/matters/ask', roles: controllers },
  matterDispute: { method: 'post', path: '/matters/dispute', roles: representatives },
  matter: { method: 'get', path: '/matters/:id', roles: aboutMatters },
  matterSay: { method: 'post', path: '/matters/:id/say', roles: aboutMatters },
  matterClose: { method: 'post', path: '/matters/:id/close', roles: controllers },
  contestForm: { method: 'get', path: '/contests/new', roles: staff },
  contest: { method: 'post', path: '/contests', roles: staff },
  stop: { method: 'post', path: '/stop', roles: controllers },
  agreements: { method: 'get', path: '/agreements', roles: controllers },
  agreementForm: { method: 'get', path: '/agreements/new', roles: representatives },
  agreementDraft: { method: 'post', path: '/agreements/new', roles: representatives },
  agreementReview: { method: 'get', path: '/agreements/review', roles: approvers },
  agreementOptions: { method: 'post', path: '/agreements/sign/options', roles: approvers },
  agreementSign: { method: 'post', path: '/agreements/sign', roles: approvers },
  agreement: { method: 'get', path: '/agreements/:id', roles: controllers },
  agreementConfirm: { method: 'get', path: '/agreements/:id/:change', roles: representatives },
  agreementChange: { method: 'post', path: '/agreements/:id/:change', roles: representatives },
  emergency: { method: 'get', path: '/emergencies/:id', roles: controllers },
  emergencyReview: { method: 'post', path: '/emergencies/:id/review', roles: approvers },
  factSheet: { method: 'get', path: '/protection', roles: controllers },
  instructions: { method: 'get', path: '/instructions', roles: controllers },
  instructionForm: { method: 'get', path: '/instructions/new', roles: representatives },
  instructionDraft: { method: 'post', path: '/instructions/new', roles: representatives },
  instructionReview: { method: 'get', path: '/instructions/review', roles: representatives },
  instructionOptions: { method: 'post', path: '/instructions/sign/options', roles: representatives },
  instructionSign: { method: 'post', path: '/instructions/sign', roles: representatives },
  ending: { method: 'get', path: '/ending', roles: controllers },
  endingForm: { method: 'get', path: '/ending/new', roles: representatives },
  endingDraft: { method: 'post', path: '/ending/new', roles: representatives },
  endingReview: { method: 'get', path: '/ending/review', roles: representatives },
  endingOptions: { method: 'post', path: '/ending/sign/options', roles: representatives },
  endingSign: { method: 'post', path: '/ending/sign', roles: representatives },
  endingCertificate: { method: 'get', path: '/ending/certificate', roles: controllers },
  endingPdf: { method: 'get', path: '/ending/certificate/pdf', roles: controllers },
  rule: { method: 'get', path: '/signing', roles: controllers },
  signFurtherOptions: { method: 'post', path: '/signing/options', roles: representatives },
  signFurther: { method: 'post', path: '/signing', roles: representatives },
  credentials: { method: 'get', path: '/credentials', roles: controllers },
  takeAway: { method: 'get', path: '/take-away', roles: controllers },
  proves: { method: 'get', path: provesPath, roles: controllers },
  takeLog: { method: 'get', path: '/take-away/log', roles: controllers },
  report: { method: 'get', path: '/report', roles: controllers },
  reportPdf: { method: 'get', path: '/report/pdf', roles: controllers },
  consultation: { method: 'get', path: '/report/consultation', roles: controllers },
  verify: { method: 'get', path: '/verify', roles: controllers },
  export: { method: 'get', path: '/export', roles: controllers },
  connections: { method: 'get', path: '/connections', roles: controllers },
  connectionMake: { method: 'post', path: '/connections', roles: controllers },
  connectionEnd: { method: 'post', path: '/connections/:id/end', roles: controllers },
  hookAdd: { method: 'post', path: '/connections/hooks', roles: representatives },
  hookRemove: { method: 'post', path: '/connections/hooks/:id/remove', roles: representatives },
  people: { method: 'get', path: '/people', roles: controllers },
  personInvite: { method: 'post', path: '/people', roles: representatives },
  frameForm: { method: 'get', path: '/people/frames/new', roles: representatives },
  frameDraft: { method: 'post', path: '/people/frames/new', roles: representatives },
  frameReview: { method: 'get', path: '/people/frames/review', roles: representatives },
  frameRevoke: { method: 'post', path: '/people/frames/:id/revoke', roles: representatives },
  substituteForm: { method: 'get', path: '/people/substitutes/new', roles: representatives },
  substituteDraft: { method: 'post', path: '/people/substitutes/new', roles: representatives },
  personConfirm: { method: 'get', path: '/people/:id/remove', roles: representatives },
  personRemove: { method: 'post', path: '/people/:id/remove', roles: representatives },
  personVouch: { method: 'post', path: '/people/:id/confirm', roles: representatives },
  arrivalsSeen: { method: 'post', path: '/people/seen', roles: controllers },
  enrolForm: { method: 'get', path: '/enrol', roles: anybody },
  enrolCode: { method: 'post', path: '/enrol', roles: anybody },
  enrolWelcome: { method: 'get', path: '/enrol/welcome', roles: anybody },
  enrolOptions: { method: 'post', path: '/enrol/options', roles: anybody },
  enrol: { method: 'post', path: '/enrol/passkey', roles: anybody },
  enrolByCode: { method: 'post', path: '/enrol/code', roles: anybody },
  recoverForm: { method: 'get', path: '/recover', roles: anybody },
  recoverCode: { method: 'post', path: '/recover', roles: anybody },
  recoverWelcome: { method: 'get', path: '/recover/welcome', roles: anybody },
  recoverOptions: { method: 'post', path: '/recover/options', roles: anybody },
  recover: { method: 'post', path: '/recover/passkey', roles: anybody },
  recoverByCode: { method: 'post', path: '/recover/code', roles: anybody },
  mailForm: { method: 'get', path: '/sign-in-by-mail', roles: anybody },
  mailAsk: { method: 'post', path: '/sign-in-by-mail', roles: anybody },
  mailCodeForm: { method: 'get', path: '/sign-in-by-mail/code', roles: anybody },
  mailCode: { method: 'post', path: '/sign-in-by-mail/code', roles: anybody },
  seatCodes: { method: 'post', path: '/seat/codes', roles: controllers },
  seatForm: { method: 'get', path: '/seat', roles: controllers },
  seatOptions: { method: 'post', path: '/seat/options', roles: controllers },
  seat: { method: 'post', path: '/seat', roles: controllers },
} as const satisfies Record<string, Act>;

export type ActName = keyof typeof acts;

/** The one role of somebody in the portal. */
export function roleOf(who: Who): Role {
  switch (who.kind) {
    case 'technician':
      return 'technician';
    case 'controller':
      return who.controller.role;
    case 'several':
      return 'several';
    case 'provider-user':
      return who.user.role;
  }
}

export function may(role: Role, act: ActName): boolean {
  return (acts[act].roles as readonly Role[]).includes(role);
}
