/**
 * Every sentence of the portal, in English and French: the type allows nothing less. Words of other rooms (reasons,
 * faults, purposes) come with those. Client pages avoid the machinery's words on purpose.
 */
import { agreementTexts } from './texts/agreements.ts';
import { apiTexts } from './texts/api.ts';
import { budgetTexts } from './texts/budgets.ts';
import { clientsTexts } from './texts/clients.ts';
import { commandLineTexts } from './texts/command-line.ts';
import { contestTexts } from './texts/contests.ts';
import { contractOverTexts } from './texts/contract-over.ts';
import { controllerTexts } from './texts/controller.ts';
import { copyTexts } from './texts/copies.ts';
import { correctionTexts } from './texts/corrections.ts';
import { credentialTexts } from './texts/credentials.ts';
import { deskTexts } from './texts/desk.ts';
import { doorTexts } from './texts/doors.ts';
import { drillTexts } from './texts/drills.ts';
import { emergencyTexts } from './texts/emergencies.ts';
import { endingTexts } from './texts/endings.ts';
import { enrolmentTexts } from './texts/enrolment.ts';
import { commonTexts } from './texts/everywhere.ts';
import { extensionTexts } from './texts/extensions.ts';
import { factSheetTexts } from './texts/fact-sheet.ts';
import { firstUseTexts } from './texts/first-use.ts';
import { foresightTexts } from './texts/foresight.ts';
import { frameTexts } from './texts/frames.ts';
import { historyTexts } from './texts/history.ts';
import { hookTexts } from './texts/hooks.ts';
import { instructionTexts } from './texts/instructions.ts';
import { mailSignInTexts } from './texts/mail-sign-in.ts';
import { matterTexts } from './texts/matters.ts';
import { noticeTexts } from './texts/notices.ts';
import { nowTexts } from './texts/now.ts';
import { outsideTexts } from './texts/outside.ts';
import { ownRecordTexts } from './texts/own-record.ts';
import { peopleTexts } from './texts/people.ts';
import { proposalTexts } from './texts/proposals.ts';
import { provesTexts } from './texts/proves.ts';
import { providerTexts } from './texts/provider.ts';
import { providerHookTexts } from './texts/provider-hook.ts';
import { recoveryTexts } from './texts/recovery.ts';
import { reportTexts } from './texts/report.ts';
import { requestTexts } from './texts/requests.ts';
import { robotTexts } from './texts/robots.ts';
import { signingTexts } from './texts/signing.ts';
import { staffNoticeTexts } from './texts/staff-notice.ts';
import { substituteTexts } from './texts/substitutes.ts';
import { takeAwayTexts } from './texts/take-away.ts';
import { technicianTexts } from './texts/technician.ts';
import { ticketCheckTexts } from './texts/ticket-check.ts';
import { toolTexts } from './texts/tools.ts';

export const texts = {
  ...commonTexts,
  technician: technicianTexts,
  controller: controllerTexts,
  agreements: agreementTexts,
  api: apiTexts,
  clients: clientsTexts,
  commandLine: commandLineTexts,
  copies: copyTexts,
  corrections: correctionTexts,
  credentials: credentialTexts,
  desk: deskTexts,
  extensions: extensionTexts,
  foresight: foresightTexts,
  frames: frameTexts,
  budgets: budgetTexts,
  doors: doorTexts,
  contests: contestTexts,
  contractOver: contractOverTexts,
  drills: drillTexts,
  emergencies: emergencyTexts,
  endings: endingTexts,
  enrolment: enrolmentTexts,
  firstUse: firstUseTexts,
  factSheet: factSheetTexts,
  instructions: instructionTexts,
  matters: matterTexts,
  mailSignIn: mailSignInTexts,
  notices: noticeTexts,
  now: nowTexts,
  history: historyTexts,
  outside: outsideTexts,
  ownRecord: ownRecordTexts,
  robots: robotTexts,
  hooks: hookTexts,
  people: peopleTexts,
  proposals: proposalTexts,
  provider: providerTexts,
  providerHook: providerHookTexts,
  signing: signingTexts,
  report: reportTexts,
  proves: provesTexts,
  recovery: recoveryTexts,
  requests: requestTexts,
  staffNotice: staffNoticeTexts,
  substitutes: substituteTexts,
  takeAway: takeAwayTexts,
  tools: toolTexts,
  ticketCheck: ticketCheckTexts,
} as const;
