/**
 * The portal: pages for technicians and for the clients' own users. Express carries it; the data path never passes
 * here. Every route comes from the table of acts, every answer carries the security headers, every POST is checked
 * for forgery.
 */
import express, { type Express } from 'express';
import { showActivity, stop, streamActivity } from './activity.tsx';
import { changeAgreement, confirmChange } from './agreement-changes.tsx';
import { signAgreement, signingOptions } from './agreement-signing.ts';
import {
  draftAgreement,
  reviewAgreement,
  showAgreement,
  showAgreementForm,
  showAgreements,
} from './agreements.tsx';
import { createApi } from './api/api.ts';
import { loadAssets, serveAssets } from './assets.ts';
import { readClient, takeClientOut } from './client-address.ts';
import { showClients } from './clients.tsx';
import { createCommandLineApi } from './command-line/api.ts';
import { DeviceCodes } from './command-line/device-codes.ts';
import { endConnection, makeConnection, showConnections } from './connections.tsx';
import { contest, showContestForm } from './contests.tsx';
import { endMyCopies, showCopies } from './copies.tsx';
import { showCredentials } from './credentials.tsx';
import { continueOpening, declare, showDeclare } from './declare.tsx';
import type { PortalDeps } from './deps.ts';
import { checkDevice, confirmDevice, endDevice, showDevice } from './device.tsx';
import { beginDrill } from './drill.ts';
import { reviewEmergency, showEmergency } from './emergencies.tsx';
import {
  draftEnding,
  endingOptions,
  reviewEnding,
  sendCertificate,
  sendCertificatePdf,
  showEnding,
  showEndingForm,
  signEnding,
} from './ending.tsx';
import { checkCode, enrol, enrolByCode, enrolOptions, showEnrol, showWelcome } from './enrol.tsx';
import { changePurpose, showEnter } from './enter.tsx';
import { answerErrors } from './errors.tsx';
import { showFactSheet } from './fact-sheet.tsx';
import { draftFrame, reviewFrame, revokeFrame, showFrameForm } from './frames.tsx';
import { securityHeaders } from './headers.ts';
import { showHistory, showStory } from './history.tsx';
import { dropView, saveView } from './history-views.ts';
import { showHome } from './home.tsx';
import { addHook, removeHook } from './hooks.tsx';
import {
  draftInstructions,
  instructionOptions,
  reviewInstructions,
  showInstructionForm,
  showInstructions,
  signInstructions,
} from './instructions.tsx';
import { languageFor, rememberLanguage } from './language.ts';
import { askMail, enterByMail, showAskMail, showMailCode } from './mail-sign-in.tsx';
import { ask, closeMatter, dispute, sayMatter, showMatter, showMatterForm, showMatters } from './matters.tsx';
import { streamNow } from './now.tsx';
import { sendOwnRecord } from './own-record.ts';
import {
  confirmPerson,
  confirmRemoval,
  invitePerson,
  removePerson,
  seeArrivals,
  showPeople,
} from './people.tsx';
import { agreeToProposal, declineProposal, showProposal } from './proposals.tsx';
import { makeProposal, showProposing } from './proposing.tsx';
import { endCopiesAt, showCopiesAcross, showCopiesAt } from './provider-copies.tsx';
import {
  giveErasureNotice,
  issueCertificate,
  sendCertificateAt,
  showEndingAt,
  showEndingsAcross,
} from './provider-endings.tsx';
import { showProviderHook } from './provider-hook.tsx';
import { showOpenAcross, showOpenAt } from './provider-open.tsx';
import { showRollout, showRules, showStanding } from './provider-state.tsx';
import {
  checkRecovery,
  recover,
  recoverByCode,
  recoverOptions,
  showRecover,
  showReturn,
} from './recover.tsx';
import { renewCodes } from './recovery-codes.tsx';
import { type Framer, framer } from './render.tsx';
import { sendReport, showConsultation, showReport } from './report.tsx';
import { approveRequest } from './request-approval.ts';
import { showRequest, showRequests } from './request-view.tsx';
import {
  answerRequest,
  askBack,
  raiseRequest,
  refuseRequest,
  remindClient,
  showRequestForm,
} from './requests.tsx';
import { createRobots } from './robots.ts';
import { seatOptions, showSeat, takeSeat } from './seat.tsx';
import { furtherOptions, showRule, signFurther } from './signing.tsx';
import { confirmStaffNotice, showStaffNotice } from './staff-notice.tsx';
import { draftSubstitute, showSubstituteForm } from './substitutes.tsx';
import { sendLog, showProves, showTakeAway } from './take-away.tsx';
import {
  closeOpening,
  copiesOpening,
  correctOpening,
  extendOpening,
  saidOpening,
  showOpening,
  showRecord,
  summaryOpening,
} from './technician.tsx';
import { createTicketWebhook } from './ticket-webhook.ts';
import { connectTool } from './tools.tsx';
import { sendExport, showVerify } from './verify.tsx';
import { openRoute, route } from './visit.ts';
import { go } from './way-in.tsx';

/** Makes the portal's request listener. Registers everything at once; holds no state of its own. */
export function createPortal(deps: PortalDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.use(...securityHeaders());
  app.use((req, res, next) => {
    res.locals.requestId = deps.random(12).toString('base64url');
    res.locals.language = languageFor(req);
    rememberLanguage(req, res);
    res.set('x-request-id', String(res.locals.requestId));
    next();
  });
  app.use(readClient);
  const assets = loadAssets();
  serveAssets(app, assets);
  if (deps.jwks !== undefined) {
    app.get('/.well-known/jwks.json', (_req, res) => {
      res.json(deps.jwks);
    });
  }
  // Programs, not people: no session, no forms.
  if (deps.robots !== undefined) app.use('/api/v1/robots', createRobots(deps, deps.robots));
  app.use('/api/v1', createApi(deps));
  const codes = new DeviceCodes();
  app.use('/api/command-line', createCommandLineApi(deps, codes));
  if (deps.ticketSecret !== undefined)
    app.use('/webhooks/tickets', createTicketWebhook(deps, deps.ticketSecret));
  if (deps.scim !== undefined) app.use('/scim/v2', deps.scim);
  app.use(deps.sessions);
  app.use(deps.signIn.routes);
  app.use(takeClientOut);
  const frame = framer(assets.paths);
  registerActs(app, deps, frame);
  registerDeviceActs(app, deps, frame, codes);
  answerErrors(app, deps, assets.paths);
  return app;
}

const form = express.urlencoded({ extended: false, limit: '32kb', parameterLimit: 300 });
const json = express.json({ limit: '64kb', strict: true });

function registerActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'clients', (visit) => showClients(visit, frame));
  route(app, deps, 'home', (visit) => showHome(visit, frame));
  registerEnrolment(app, deps, frame);
  registerRecovery(app, deps, frame);
  registerTechnicianActs(app, deps, frame);
  registerRequestActs(app, deps, frame);
  registerProposalActs(app, deps, frame);
  registerProviderActs(app, deps, frame);
  registerControllerActs(app, deps, frame);
  registerInstructionActs(app, deps, frame);
  registerMatterActs(app, deps, frame);
  registerEndingActs(app, deps, frame);
}

function registerEnrolment(app: Express, deps: PortalDeps, frame: Framer): void {
  openRoute(app, deps, 'enrolForm', (visit) => showEnrol(visit, frame));
  openRoute(app, deps, 'enrolCode', (visit) => checkCode(visit, frame), [form]);
  openRoute(app, deps, 'enrolWelcome', (visit) => showWelcome(visit, frame));
  openRoute(app, deps, 'enrolOptions', (visit) => enrolOptions(visit), [json]);
  openRoute(app, deps, 'enrol', (visit) => enrol(visit), [json]);
  openRoute(app, deps, 'enrolByCode', (visit) => enrolByCode(visit, frame), [form]);
  openRoute(app, deps, 'mailForm', (visit) => showAskMail(visit, frame));
  openRoute(app, deps, 'mailAsk', (visit) => askMail(visit), [form]);
  openRoute(app, deps, 'mailCodeForm', (visit) => showMailCode(visit, frame));
  openRoute(app, deps, 'mailCode', (visit) => enterByMail(visit, frame), [form]);
}

/** Coming back without one's passkey. */
function registerRecovery(app: Express, deps: PortalDeps, frame: Framer): void {
  openRoute(app, deps, 'recoverForm', (visit) => showRecover(visit, frame));
  openRoute(app, deps, 'recoverCode', (visit) => checkRecovery(visit, frame), [form]);
  openRoute(app, deps, 'recoverWelcome', (visit) => showReturn(visit, frame));
  openRoute(app, deps, 'recoverOptions', (visit) => recoverOptions(visit), [json]);
  openRoute(app, deps, 'recover', (visit) => recover(visit), [json]);
  openRoute(app, deps, 'recoverByCode', (visit) => recoverByCode(visit, frame), [form]);
  route(app, deps, 'seatCodes', (visit) => renewCodes(visit, frame), [form]);
}

function registerTechnicianActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'staffNotice', (visit) => showStaffNotice(visit, frame));
  route(app, deps, 'staffNoticeRead', (visit) => confirmStaffNotice(visit), [form]);
  route(app, deps, 'enter', (visit) => showEnter(visit, frame));
  route(app, deps, 'declareForm', (visit) => showDeclare(visit, frame));
  route(app, deps, 'declare', (visit) => declare(visit, frame), [form]);
  route(app, deps, 'continue', (visit) => continueOpening(visit, frame), [form]);
  route(app, deps, 'go', (visit) => go(visit, frame));
  route(app, deps, 'opening', (visit) => showOpening(visit, frame));
  route(app, deps, 'openingExtend', (visit) => extendOpening(visit, frame), [form]);
  route(app, deps, 'openingClose', (visit) => closeOpening(visit, frame), [form]);
  route(app, deps, 'openingPurpose', (visit) => changePurpose(visit, frame), [form]);
  route(app, deps, 'openingCorrect', (visit) => correctOpening(visit, frame), [form]);
  route(app, deps, 'openingSummary', (visit) => summaryOpening(visit), [form]);
  route(app, deps, 'openingSaid', (visit) => saidOpening(visit, frame), [form]);
  route(app, deps, 'openingCopies', (visit) => copiesOpening(visit, frame), [form]);
  route(app, deps, 'openingTool', (visit) => connectTool(visit, frame), [form]);
  route(app, deps, 'copies', (visit) => showCopies(visit, frame));
  route(app, deps, 'copiesGone', (visit) => endMyCopies(visit, frame), [form]);
  route(app, deps, 'ownRecord', (visit) => sendOwnRecord(visit));
  route(app, deps, 'record', (visit) => showRecord(visit, frame));
}

/** Signing a command line in. */
function registerDeviceActs(app: Express, deps: PortalDeps, frame: Framer, codes: DeviceCodes): void {
  route(app, deps, 'device', (visit) => showDevice(visit, frame));
  route(app, deps, 'deviceCheck', (visit) => checkDevice(visit, frame, codes), [form]);
  route(app, deps, 'deviceConfirm', (visit) => confirmDevice(visit, frame, codes), [form]);
  route(app, deps, 'deviceEnd', (visit) => endDevice(visit), [form]);
}

/** What both sides say about a request. */
function registerRequestActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'requests', (visit) => showRequests(visit, frame));
  route(app, deps, 'requestForm', (visit) => showRequestForm(visit, frame));
  route(app, deps, 'requestRaise', (visit) => raiseRequest(visit, frame), [form]);
  route(app, deps, 'request', (visit) => showRequest(visit, frame));
  route(app, deps, 'requestAnswer', (visit) => answerRequest(visit, frame), [form]);
  route(app, deps, 'requestRemind', (visit) => remindClient(visit, frame), [form]);
  route(app, deps, 'requestAsk', (visit) => askBack(visit, frame), [form]);
  route(app, deps, 'requestRefuse', (visit) => refuseRequest(visit, frame), [form]);
  route(app, deps, 'requestApprove', (visit) => approveRequest(visit, frame), [form]);
}

/** What the provider proposes, and how the client answers. */
function registerProposalActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'proposing', (visit) => showProposing(visit, frame));
  route(app, deps, 'proposalMake', (visit) => makeProposal(visit, frame), [form]);
  route(app, deps, 'proposal', (visit) => showProposal(visit, frame));
  route(app, deps, 'proposalAgree', (visit) => agreeToProposal(visit, frame), [form]);
  route(app, deps, 'proposalDecline', (visit) => declineProposal(visit), [form]);
}

/** What the provider's own people read. */
function registerProviderActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'openAcross', (visit) => showOpenAcross(visit, frame));
  route(app, deps, 'openAt', (visit) => showOpenAt(visit, frame));
  route(app, deps, 'copiesAcross', (visit) => showCopiesAcross(visit, frame));
  route(app, deps, 'copiesAt', (visit) => showCopiesAt(visit, frame));
  route(app, deps, 'copiesGoneAt', (visit) => endCopiesAt(visit, frame), [form]);
  route(app, deps, 'endingsAcross', (visit) => showEndingsAcross(visit, frame));
  route(app, deps, 'endingAt', (visit) => showEndingAt(visit, frame));
  route(app, deps, 'endingPdfAt', (visit) => sendCertificateAt(visit));
  route(app, deps, 'endingNotify', (visit) => giveErasureNotice(visit, frame), [form]);
  route(app, deps, 'endingCertify', (visit) => issueCertificate(visit, frame), [form]);
  route(app, deps, 'rulesInForce', (visit) => showRules(visit, frame));
  route(app, deps, 'standing', (visit) => showStanding(visit, frame));
  route(app, deps, 'rollout', (visit) => showRollout(visit, frame));
  route(app, deps, 'providerHook', (visit) => showProviderHook(visit, frame));
}

/** What a client asks about an access or disputes, and what the provider's staff contest. */
function registerMatterActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'matters', (visit) => showMatters(visit, frame));
  route(app, deps, 'matterForm', (visit) => showMatterForm(visit, frame));
  route(app, deps, 'matterAsk', (visit) => ask(visit, frame), [form]);
  route(app, deps, 'matterDispute', (visit) => dispute(visit, frame), [form]);
  route(app, deps, 'matter', (visit) => showMatter(visit, frame));
  route(app, deps, 'matterSay', (visit) => sayMatter(visit, frame), [form]);
  route(app, deps, 'matterClose', (visit) => closeMatter(visit, frame), [form]);
  route(app, deps, 'contestForm', (visit) => showContestForm(visit, frame));
  route(app, deps, 'contest', (visit) => contest(visit, frame), [form]);
}

/** What a client asks of everybody, beside its agreements. */
function registerInstructionActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'factSheet', (visit) => showFactSheet(visit, frame));
  route(app, deps, 'instructions', (visit) => showInstructions(visit, frame));
  route(app, deps, 'instructionForm', (visit) => showInstructionForm(visit, frame));
  route(app, deps, 'instructionDraft', (visit) => draftInstructions(visit, frame), [form]);
  route(app, deps, 'instructionReview', (visit) => reviewInstructions(visit, frame));
  route(app, deps, 'instructionOptions', (visit) => instructionOptions(visit), [json]);
  route(app, deps, 'instructionSign', (visit) => signInstructions(visit), [json, form]);
}

/** The end of the contract, as the client decides it and reads it. */
function registerEndingActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'ending', (visit) => showEnding(visit, frame));
  route(app, deps, 'endingForm', (visit) => showEndingForm(visit, frame));
  route(app, deps, 'endingDraft', (visit) => draftEnding(visit, frame), [form]);
  route(app, deps, 'endingReview', (visit) => reviewEnding(visit, frame));
  route(app, deps, 'endingOptions', (visit) => endingOptions(visit), [json]);
  route(app, deps, 'endingSign', (visit) => signEnding(visit), [json, form]);
  route(app, deps, 'endingCertificate', (visit) => sendCertificate(visit));
  route(app, deps, 'endingPdf', (visit) => sendCertificatePdf(visit));
}

/** NOTE: paths with words come before those with parameters; Express takes the first that matches. */
function registerControllerActs(app: Express, deps: PortalDeps, frame: Framer): void {
  route(app, deps, 'nowLive', (visit) => streamNow(visit, frame));
  route(app, deps, 'activity', (visit) => showActivity(visit, frame));
  route(app, deps, 'activityLive', (visit) => streamActivity(visit));
  route(app, deps, 'history', (visit) => showHistory(visit, frame));
  route(app, deps, 'viewSave', (visit) => saveView(visit), [form]);
  route(app, deps, 'viewDrop', (visit) => dropView(visit), [form]);
  route(app, deps, 'historyStory', (visit) => showStory(visit, frame));
  route(app, deps, 'drill', (visit) => beginDrill(visit), [form]);
  route(app, deps, 'stop', (visit) => stop(visit), [form]);
  route(app, deps, 'agreements', (visit) => showAgreements(visit, frame));
  route(app, deps, 'agreementForm', (visit) => showAgreementForm(visit, frame));
  route(app, deps, 'agreementDraft', (visit) => draftAgreement(visit, frame), [form]);
  route(app, deps, 'agreementReview', (visit) => reviewAgreement(visit, frame));
  route(app, deps, 'agreementOptions', (visit) => signingOptions(visit), [json]);
  route(app, deps, 'agreementSign', (visit) => signAgreement(visit), [json, form]);
  route(app, deps, 'agreement', (visit) => showAgreement(visit, frame));
  route(app, deps, 'agreementConfirm', (visit) => confirmChange(visit, frame));
  route(app, deps, 'agreementChange', (visit) => changeAgreement(visit), [form]);
  route(app, deps, 'emergency', (visit) => showEmergency(visit, frame));
  route(app, deps, 'emergencyReview', (visit) => reviewEmergency(visit, frame), [form]);
  route(app, deps, 'rule', (visit) => showRule(visit, frame));
  route(app, deps, 'signFurtherOptions', (visit) => furtherOptions(visit), [json]);
  route(app, deps, 'signFurther', (visit) => signFurther(visit), [json, form]);
  route(app, deps, 'credentials', (visit) => showCredentials(visit, frame));
  route(app, deps, 'connections', (visit) => showConnections(visit, frame));
  route(app, deps, 'connectionMake', (visit) => makeConnection(visit, frame), [form]);
  route(app, deps, 'connectionEnd', (visit) => endConnection(visit), [form]);
  route(app, deps, 'hookAdd', (visit) => addHook(visit, frame), [form]);
  route(app, deps, 'hookRemove', (visit) => removeHook(visit), [form]);
  route(app, deps, 'people', (visit) => showPeople(visit, frame));
  route(app, deps, 'personInvite', (visit) => invitePerson(visit, frame), [form]);
  route(app, deps, 'frameForm', (visit) => showFrameForm(visit, frame));
  route(app, deps, 'frameDraft', (visit) => draftFrame(visit, frame), [form]);
  route(app, deps, 'frameReview', (visit) => reviewFrame(visit, frame));
  route(app, deps, 'frameRevoke', (visit) => revokeFrame(visit), [form]);
  route(app, deps, 'substituteForm', (visit) => showSubstituteForm(visit, frame));
  route(app, deps, 'substituteDraft', (visit) => draftSubstitute(visit, frame), [form]);
  route(app, deps, 'personConfirm', (visit) => confirmRemoval(visit, frame));
  route(app, deps, 'personRemove', (visit) => removePerson(visit), [form]);
  route(app, deps, 'takeAway', (visit) => showTakeAway(visit, frame));
  route(app, deps, 'proves', (visit) => showProves(visit, frame));
  route(app, deps, 'takeLog', (visit) => sendLog(visit, frame));
  route(app, deps, 'report', (visit) => showReport(visit, frame));
  route(app, deps, 'reportPdf', (visit) => sendReport(visit));
  route(app, deps, 'consultation', (visit) => showConsultation(visit, frame));
  route(app, deps, 'arrivalsSeen', (visit) => seeArrivals(visit), [form]);
  route(app, deps, 'personVouch', (visit) => confirmPerson(visit), [form]);
  route(app, deps, 'verify', (visit) => showVerify(visit, frame));
  route(app, deps, 'export', (visit) => sendExport(visit));
  route(app, deps, 'seatForm', (visit) => showSeat(visit, frame));
  route(app, deps, 'seatOptions', (visit) => seatOptions(visit), [json]);
  route(app, deps, 'seat', (visit) => takeSeat(visit), [json]);
}
