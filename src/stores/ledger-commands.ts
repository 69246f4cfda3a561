/**
 * The closed set of commands, each run inside the batch's transaction: heartbeats and the table
 * that says which function answers which command.
 */
import type { Answers } from '../core/answers.ts';
import type { AnswerOf, Command } from '../core/commands.ts';
import { type Acts, write } from './ledger-acts.ts';
import { commandLine, commandLineUsed, endCommandLine } from './ledger-command-lines.ts';
import { connect, connectionUsed, disconnect } from './ledger-connections.ts';
import { grant, grantStatus } from './ledger-consent.ts';
import { contest } from './ledger-contests.ts';
import { copiesGone, keepCopies, registerCopy } from './ledger-copies.ts';
import { correct } from './ledger-corrections.ts';
import { credentials, credentialUsed } from './ledger-credentials.ts';
import { delegate, undelegate } from './ledger-delegations.ts';
import { drill } from './ledger-drills.ts';
import { reviewEmergency } from './ledger-emergencies.ts';
import { certifyEnding, notifyErasure } from './ledger-ending-acts.ts';
import { checkNotOver, lookAtEnding, setEnding } from './ledger-endings.ts';
import { append, intent, result } from './ledger-exchanges.ts';
import { extend } from './ledger-extensions.ts';
import { addHook, removeHook } from './ledger-hooks.ts';
import { instruct } from './ledger-instructions.ts';
import { newId } from './ledger-log.ts';
import { matterClose, matterOpen, matterSay } from './ledger-matters.ts';
import { close, code, declare, redeem } from './ledger-openings.ts';
import { sayOutside } from './ledger-outside.ts';
import { policy } from './ledger-policy.ts';
import { decline, lapseProposals, propose } from './ledger-proposals.ts';
import { arrivalsSeen, confirmSeat, recoveryCodes, tryRecovery } from './ledger-recovery-codes.ts';
import { lapseRequests, request, say } from './ledger-requests.ts';
import { watchRobots } from './ledger-robots.ts';
import { invite, seat, tryInvitation, unseat } from './ledger-seats.ts';
import { bind, directory, login, logout, readNotice, token } from './ledger-sign-ins.ts';
import { lapseSignatures, rule, sign } from './ledger-signers.ts';
import { tool } from './ledger-tools.ts';
import { dropView, saveView } from './ledger-views.ts';

const hour = 3_600_000;

/** `heartbeat` in each log that has been silent for an hour. */
function heartbeat(acts: Acts, command: Extract<Command, { do: 'heartbeat' }>): Answers['heartbeat'] {
  const written: string[] = [];
  for (const { client, anonymous, live } of command.counts) {
    const last = acts.pen.sql.lastAt.get(client);
    if (last !== undefined && acts.now - Number(last.at) < hour) continue;
    const log = acts.heads.touchIfSound(client, acts.now);
    if (log === undefined) continue;
    write(acts, log, { t: 'heartbeat', id: newId(), fields: { anonymous, live } });
    written.push(client);
  }
  return { written };
}

/** Runs one command. Throws Fault or LeafFault for its caller alone; anything else condemns the batch. */
export function execute<C extends Command>(acts: Acts, command: C): AnswerOf<C>;
export function execute(acts: Acts, command: Command): AnswerOf<Command> {
  checkNotOver(acts, clientOf(command), command);
  switch (command.do) {
    case 'intent':
      return intent(acts, command);
    case 'result':
      return result(acts, command);
    case 'append':
      return append(acts, command);
    case 'declare':
      return declare(acts, command);
    case 'correct':
      return correct(acts, command);
    case 'say-outside':
      return sayOutside(acts, command);
    case 'copy-register':
      return registerCopy(acts, command);
    case 'copy-keep':
      return keepCopies(acts, command);
    case 'copy-gone':
      return copiesGone(acts, command);
    case 'extend':
      return extend(acts, command);
    case 'review-emergency':
      return reviewEmergency(acts, command);
    case 'code':
      return code(acts, command);
    case 'tool':
      return tool(acts, command);
    case 'redeem':
      return redeem(acts, command);
    case 'close':
      return close(acts, command);
    case 'request':
      return request(acts, command);
    case 'request-say':
      return say(acts, command);
    case 'requests-lapse':
      return { lapsed: lapseRequests(acts) + lapseProposals(acts) + lapseSignatures(acts) };
    case 'propose':
      return propose(acts, command);
    case 'decline':
      return decline(acts, command);
    case 'grant':
      return grant(acts, command);
    case 'delegate':
      return delegate(acts, command);
    case 'undelegate':
      return undelegate(acts, command);
    case 'sign':
      return sign(acts, command);
    case 'rule':
      return rule(acts, command);
    case 'grant-status':
      return grantStatus(acts, command);
    case 'instruct':
      return instruct(acts, command);
    case 'invite':
      return invite(acts, command);
    case 'try-invitation':
      return tryInvitation(acts, command);
    case 'seat':
      return seat(acts, command);
    case 'unseat':
      return unseat(acts, command);
    case 'connect':
      return connect(acts, command);
    case 'disconnect':
      return disconnect(acts, command);
    case 'connection-used':
      return connectionUsed(acts, command);
    case 'drill':
      return drill(acts, command);
    case 'hook-add':
      return addHook(acts, command);
    case 'hook-remove':
      return removeHook(acts, command);
    case 'confirm-seat':
      return confirmSeat(acts, command);
    case 'recovery-codes':
      return recoveryCodes(acts, command);
    case 'try-recovery':
      return tryRecovery(acts, command);
    case 'arrivals-seen':
      return arrivalsSeen(acts, command);
    case 'credentials':
      return credentials(acts, command);
    case 'credential-used':
      return credentialUsed(acts, command);
    case 'login':
      return login(acts, command);
    case 'logout':
      return logout(acts, command);
    case 'token':
      return token(acts, command);
    case 'command-line':
      return commandLine(acts, command);
    case 'command-line-used':
      return commandLineUsed(acts, command);
    case 'command-line-end':
      return endCommandLine(acts, command);
    case 'bind':
      return bind(acts, command);
    case 'directory':
      return directory(acts, command);
    case 'read-notice':
      return readNotice(acts, command);
    case 'policy':
      return policy(acts, command);
    case 'matter-open':
      return matterOpen(acts, command);
    case 'matter-say':
      return matterSay(acts, command);
    case 'matter-close':
      return matterClose(acts, command);
    case 'contest':
      return contest(acts, command);
    case 'view-save':
      return saveView(acts, command);
    case 'view-drop':
      return dropView(acts, command);
    case 'ending-set':
      return setEnding(acts, command);
    case 'ending-look':
      return lookAtEnding(acts, command);
    case 'ending-notify':
      return notifyErasure(acts, command);
    case 'ending-certify':
      return certifyEnding(acts, command);
    case 'watch-robots':
      return watchRobots(acts, command);
    case 'heartbeat':
      return heartbeat(acts, command);
  }
}

/** The client whose log a command writes to first, so that it is brought in before the command's savepoint. */
export function clientOf(command: Command): string | undefined {
  switch (command.do) {
    case 'intent':
    case 'append':
      return command.draft.client;
    case 'connect':
      return command.connection.client;
    case 'declare':
      return command.opening.client;
    case 'grant':
      return command.grant.client;
    case 'delegate':
      return command.delegation.client;
    case 'request':
      return command.request.client;
    case 'seat':
      return command.seat.client;
    case 'result':
    case 'tool':
    case 'extend':
    case 'review-emergency':
    case 'undelegate':
    case 'disconnect':
    case 'connection-used':
    case 'hook-add':
    case 'hook-remove':
    case 'close':
    case 'correct':
    case 'say-outside':
    case 'copy-register':
    case 'copy-keep':
    case 'copy-gone':
    case 'ending-set':
    case 'ending-look':
    case 'ending-notify':
    case 'ending-certify':
    case 'unseat':
    case 'drill':
    case 'confirm-seat':
    case 'recovery-codes':
    case 'arrivals-seen':
    case 'grant-status':
    case 'instruct':
    case 'request-say':
    case 'decline':
    case 'sign':
    case 'rule':
    case 'matter-open':
    case 'matter-say':
    case 'matter-close':
    case 'contest':
    case 'view-save':
    case 'view-drop':
      return command.client;
    case 'propose':
      return command.proposal.client;
    case 'invite':
      return command.nominee.client;
    default:
      return undefined;
  }
}
