/** The writer's prepared statements, one name each. Prepared once per connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { kindNumbers, rareKinds } from './ledger-schema.ts';

const texts = {
  // heads
  headOf: `SELECT l.epoch, l.slice, l.shard, s.size, s.root FROM logs l JOIN shards s ON s.id = l.shard WHERE l.id = ?`,
  logByClient: 'SELECT * FROM logs WHERE client = ?',
  logById: 'SELECT client FROM logs WHERE id = ?',
  lastAt: 'SELECT s.at FROM logs l JOIN shards s ON s.id = l.shard WHERE l.client = ?',
  insertLog: 'INSERT INTO logs (client, token, key, epoch, shard, slice) VALUES (?, ?, ?, 1, 0, ?)',
  updateLogKey: 'UPDATE logs SET key = ? WHERE id = ?',
  updateLogShard: 'UPDATE logs SET shard = ? WHERE id = ?',
  updateEpoch: 'UPDATE logs SET epoch = ?, slice = ? WHERE id = ?',
  shardById: 'SELECT * FROM shards WHERE id = ?',
  shardByOrigin: 'SELECT * FROM shards WHERE log = ? AND origin = ?',
  insertShard: `INSERT INTO shards (log, year, origin, size, root, range, at, checkpoint) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  updateHead: 'UPDATE shards SET size = ?, root = ?, range = ?, at = ?, checkpoint = ? WHERE id = ?',
  lastEntry: 'SELECT max(id) AS last FROM entries WHERE id >= ? AND id < ?',
  leavesBetween: 'SELECT id, leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id',
  leavesBack: 'SELECT id, leaf FROM entries WHERE id >= ? AND id < ? ORDER BY id DESC',
  leafAt: 'SELECT leaf, session FROM entries WHERE id = ?',
  insertEntry: 'INSERT INTO entries (id, kind, session, leaf) VALUES (?, ?, ?, ?)',
  insertBlock: 'INSERT INTO blocks (id, last, box) VALUES (?, ?, ?)',
  insertPersonal: 'INSERT INTO personal (entry, owner, box) VALUES (?, ?, ?)',
  // persons
  ownerByToken: 'SELECT id, key FROM owners WHERE token = ? AND log = ?',
  insertOwner: 'INSERT INTO owners (log, token, key) VALUES (?, ?, ?)',
  updateOwnerKey: 'UPDATE owners SET key = ? WHERE id = ?',
  actorOf: 'SELECT actor FROM actors WHERE owner = ? AND shard = ?',
  insertActor: 'INSERT INTO actors (owner, shard, actor) VALUES (?, ?, ?)',
  ownerById: 'SELECT id, log, key FROM owners WHERE id = ?',
  // boots and exchanges
  insertBoot: 'INSERT INTO boots (boot, host, pid, seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  bootByName: 'SELECT id FROM boots WHERE boot = ?',
  bootSeen: 'UPDATE boots SET seen_at = ? WHERE id = ?',
  bootEnded: 'UPDATE boots SET ended_at = ? WHERE id = ?',
  otherBoots: 'SELECT id, host, pid, seen_at, ended_at FROM boots WHERE id <> ?',
  forgetBoot: 'DELETE FROM boots WHERE id = ?',
  deleteExchange: 'DELETE FROM exchanges WHERE entry = ?',
  exchangesOfBoot: 'SELECT entry FROM exchanges WHERE boot = ? ORDER BY entry LIMIT 1000',
  exchangesBetween: 'SELECT entry FROM exchanges WHERE entry >= ? AND entry < ? ORDER BY entry',
  clientOfShard: 'SELECT l.client, s.origin FROM shards s JOIN logs l ON l.id = s.log WHERE s.id = ?',
  // openings, codes, doors
  openingById: 'SELECT * FROM openings WHERE id = ?',
  openingBySeq: 'SELECT * FROM openings WHERE seq = ?',
  insertOpening: `INSERT INTO openings (id, log, owner, login, systems, operations, purpose, consent, opened_at,
    ends_at, entry, box, due_at, emergency, said_at, command_line) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  owedBy: `SELECT COUNT(*) AS count FROM owners w JOIN openings o ON o.owner = w.id
    WHERE w.token = ? AND o.due_at IS NOT NULL`,
  unsaidBy: `SELECT o.ends_at, o.ended_at FROM owners w JOIN openings o ON o.owner = w.id
    WHERE w.token = ? AND o.said_at = 0`,
  sayOutside: 'UPDATE openings SET said_at = ?, said_entry = ?, box = ? WHERE seq = ? AND said_at = 0',
  correctOpening: 'UPDATE openings SET box = ?, due_at = ?, corrections = corrections + 1 WHERE seq = ?',
  extendOpening: 'UPDATE openings SET ends_at = ?, consent = ?, operations = ? WHERE seq = ?',
  endOpening: 'UPDATE openings SET ended_at = ?, end_cause = ? WHERE seq = ?',
  liveOpenings: 'SELECT * FROM openings WHERE log = ? AND ended_at IS NULL ORDER BY seq',
  openingsOfLogin: 'SELECT * FROM openings WHERE login = ? AND ended_at IS NULL ORDER BY seq',
  openingsOfCommandLine: `SELECT o.*, l.client FROM openings o JOIN logs l ON l.id = o.log
    WHERE o.command_line = ? AND o.ended_at IS NULL ORDER BY o.seq`,
  deleteDoors: 'DELETE FROM doors WHERE opening = ?',
  toolsOf: 'SELECT COUNT(*) AS count FROM tools WHERE opening = ?',
  insertTool: 'INSERT INTO tools (hash, opening, made_at) VALUES (?, ?, ?)',
  robotRuns: 'SELECT plan, upto FROM robot_runs WHERE log = ? AND robot = ? AND system = ?',
  allRobotRuns: 'SELECT r.log, l.client, r.robot, r.system FROM robot_runs r JOIN logs l ON l.id = r.log',
  putRobotRuns: 'INSERT OR REPLACE INTO robot_runs (log, robot, system, plan, upto) VALUES (?, ?, ?, ?, ?)',
  deleteRobotRuns: 'DELETE FROM robot_runs WHERE log = ? AND robot = ? AND system = ?',
  openedBetween: `SELECT o.systems, e.leaf FROM openings o JOIN entries e ON e.id = o.entry
    WHERE o.owner = ? AND o.opened_at >= ? AND o.opened_at <= ?`,
  forgetTools: 'DELETE FROM tools WHERE made_at < ?',
  insertDoor: 'INSERT INTO doors (hash, opening, system) VALUES (?, ?, ?)',
  insertCode: 'INSERT INTO codes (hash, opening, system, nonce, expires_at) VALUES (?, ?, ?, ?, ?)',
  codeByHash: 'SELECT * FROM codes WHERE hash = ?',
  useCode: 'UPDATE codes SET used_at = ? WHERE hash = ? AND used_at IS NULL',
  forgetCodes: 'DELETE FROM codes WHERE expires_at < ?',
  // consent
  grantById: 'SELECT * FROM grants WHERE id = ?',
  liveGrants:
    "SELECT id FROM grants WHERE log = ? AND status IN ('active', 'suspended', 'waiting') ORDER BY entry",
  restableGrants:
    "SELECT id, systems, status FROM grants WHERE log = ? AND status IN ('active', 'waiting') ORDER BY entry",
  insertGrant: `INSERT INTO grants (id, log, version, status, systems, purposes, operations, from_at, until_at, text_hash,
    granted_at, entry, box, kind, request, budget, first_use, minutes, proposal, delegation, needed, emergency)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  startGrant: 'UPDATE grants SET started_at = ?, until_at = ? WHERE id = ? AND started_at IS NULL',
  updateGrant: 'UPDATE grants SET status = ? WHERE id = ?',
  newestInstructions: 'SELECT version, hash FROM instructions WHERE log = ? ORDER BY version DESC LIMIT 1',
  insertInstructions: 'INSERT INTO instructions (log, version, hash, set_at, box) VALUES (?, ?, ?, ?, ?)',
  budgetSpent: 'SELECT * FROM budgets WHERE consent = ? AND period = ?',
  spendBudget: `INSERT INTO budgets (consent, period, openings, minutes, bytes, copies, copied) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (consent, period) DO UPDATE SET openings = openings + excluded.openings,
    minutes = minutes + excluded.minutes, bytes = bytes + excluded.bytes, copies = copies + excluded.copies,
    copied = copied + excluded.copied`,
  beginCounting: 'INSERT INTO counted (request, consent, bytes) VALUES (?, ?, 0)',
  countedBytes: 'SELECT consent, bytes FROM counted WHERE request = ?',
  countBytes: 'UPDATE counted SET bytes = ? WHERE request = ?',
  endCounting: 'DELETE FROM counted WHERE request = ?',
  grantsWithin:
    "SELECT id FROM grants WHERE delegation = ? AND status IN ('active', 'suspended', 'waiting') ORDER BY entry",
  delegationById: 'SELECT * FROM delegations WHERE id = ?',
  delegationsOfOwner: "SELECT id FROM delegations WHERE owner = ? AND status = 'active' ORDER BY entry",
  insertDelegation: `INSERT INTO delegations (id, log, owner, status, seat, systems, purposes, operations, minutes, hours,
    from_at, until_at, granted_at, entry, box) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  revokeDelegation: "UPDATE delegations SET status = 'revoked' WHERE id = ?",
  seatById: 'SELECT * FROM seats WHERE id = ?',
  insertSeat: `INSERT INTO seats (id, log, owner, role, method, credential, public_key, account, seated_at, entry, box,
    grants_from, inviter, arrival) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  confirmSeat: 'UPDATE seats SET grants_from = NULL WHERE id = ?',
  seeArrivals: 'UPDATE seats SET seen_at = ? WHERE owner = ? AND removed_at IS NULL',
  insertRecovery: 'INSERT INTO recoveries (name, log, owner, made_at, wrong) VALUES (?, ?, ?, ?, 0)',
  insertRecoveryCode: 'INSERT INTO recovery_codes (code, name) VALUES (?, ?)',
  recoveryByName: 'SELECT * FROM recoveries WHERE name = ?',
  countWrongRecovery: 'UPDATE recoveries SET wrong = wrong + 1 WHERE name = ?',
  recoveryCode: 'SELECT 1 FROM recovery_codes WHERE code = ? AND name = ?',
  useRecoveryCode: 'DELETE FROM recovery_codes WHERE code = ? AND name = ?',
  leftOfRecovery: `SELECT 1 FROM recoveries r JOIN recovery_codes c ON c.name = r.name
    WHERE r.owner = ? AND r.wrong < ? LIMIT 1`,
  forgetRecoveryCodes:
    'DELETE FROM recovery_codes WHERE name IN (SELECT name FROM recoveries WHERE owner = ?)',
  forgetRecoveries: 'DELETE FROM recoveries WHERE owner = ?',
  seatElsewhere: 'SELECT 1 FROM seats WHERE account = ? AND log <> ? AND removed_at IS NULL LIMIT 1',
  mailSeats:
    "SELECT id, owner FROM seats WHERE account = ? AND removed_at IS NULL AND method = 'mail-totp' ORDER BY entry",
  insertTotp: 'INSERT INTO totps (seat, box) VALUES (?, ?)',
  totpOfSeat: 'SELECT box FROM totps WHERE seat = ?',
  forgetTotp: 'DELETE FROM totps WHERE seat = ?',
  totpTries: 'SELECT * FROM totp_tries WHERE owner = ?',
  useTotp: `INSERT INTO totp_tries (owner, step, wrong, locked_until) VALUES (?, ?, 0, 0)
    ON CONFLICT (owner) DO UPDATE SET step = max(step, excluded.step), wrong = 0, locked_until = 0, locks = 0`,
  countWrongTotp: `INSERT INTO totp_tries (owner, step, wrong, locked_until) VALUES (?, 0, ?, 0)
    ON CONFLICT (owner) DO UPDATE SET wrong = excluded.wrong, locked_until = 0`,
  lockTotp:
    'UPDATE totp_tries SET wrong = 0, locked_until = ?, locks = locks + 1, locked_at = ? WHERE owner = ?',
  sliceText: 'SELECT box FROM slices WHERE log = ? AND hash = ?',
  seatsOfOwner: 'SELECT * FROM seats WHERE owner = ? AND removed_at IS NULL ORDER BY entry',
  lastSeatOfOwner: 'SELECT * FROM seats WHERE owner = ? ORDER BY entry DESC LIMIT 1',
  otherRepresentative: `SELECT 1 FROM seats
    WHERE log = ? AND owner <> ? AND role = 'representative' AND removed_at IS NULL LIMIT 1`,
  removeSeat: 'UPDATE seats SET removed_at = ? WHERE id = ?',
  anySeat: "SELECT 1 FROM seats WHERE log = ? AND (owner = ? OR role = 'representative') LIMIT 1",
  insertInvitation: `INSERT INTO invitations (link, id, log, owner, code, expires_at, wrong, inviter, box)
    VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?)`,
  voidInvitations: 'DELETE FROM invitations WHERE owner = ? AND used_at IS NULL',
  invitationByLink: 'SELECT * FROM invitations WHERE link = ?',
  countWrong: 'UPDATE invitations SET wrong = wrong + 1 WHERE link = ?',
  useInvitation: 'UPDATE invitations SET used_at = ? WHERE link = ? AND used_at IS NULL',
  // requests
  requestById: 'SELECT * FROM requests WHERE id = ?',
  openRequest: "SELECT id, until_at FROM requests WHERE digest = ? AND status IN ('raised', 'more_info')",
  waitingOf: `SELECT COUNT(*) AS count FROM requests
    WHERE owner = ? AND status IN ('raised', 'more_info') AND until_at > ?`,
  overdueRequests: `SELECT r.id, l.client FROM requests r JOIN logs l ON l.id = r.log
    WHERE r.status IN ('raised', 'more_info') AND r.until_at <= ? ORDER BY r.log, r.entry`,
  insertRequest: `INSERT INTO requests (id, log, owner, status, systems, purpose, operations, minutes, until_at,
    raised_at, changed_at, digest, entry, box, from_at, opening) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  changeRequest: 'UPDATE requests SET status = ?, changed_at = ?, consent = ?, box = ? WHERE id = ?',
  lapseRequest: "UPDATE requests SET status = 'lapsed', changed_at = ? WHERE id = ?",
  // signatures and the client's rule
  insertSignature: 'INSERT INTO signatures (consent, seat, at) VALUES (?, ?, ?)',
  standingSigners: `SELECT s.* FROM signatures g JOIN seats s ON s.id = g.seat
    WHERE g.consent = ? AND s.removed_at IS NULL`,
  signedBy: `SELECT DISTINCT c.* FROM grants c JOIN signatures g ON g.consent = c.id JOIN seats s ON s.id = g.seat
    WHERE s.owner = ? AND c.status IN ('active', 'suspended', 'waiting') ORDER BY c.entry`,
  settleGrant:
    "UPDATE grants SET status = CASE status WHEN 'waiting' THEN 'active' ELSE status END, confirm_by = NULL WHERE id = ?",
  mustConfirm: 'UPDATE grants SET confirm_by = ? WHERE id = ? AND confirm_by IS NULL',
  unconfirmed: `SELECT g.id, l.client FROM grants g JOIN logs l ON l.id = g.log
    WHERE g.confirm_by <= ? AND g.status IN ('active', 'suspended') ORDER BY g.log, g.entry`,
  representatives: `SELECT COUNT(DISTINCT owner) AS count FROM seats
    WHERE log = ? AND role = 'representative' AND removed_at IS NULL`,
  ruleInForce: "SELECT wish FROM rules WHERE log = ? AND status = 'done' ORDER BY seq DESC LIMIT 1",
  rulePending: "SELECT * FROM rules WHERE log = ? AND status = 'waiting'",
  rulesOverdue: `SELECT r.seq, r.id, l.client FROM rules r JOIN logs l ON l.id = r.log
    WHERE r.status = 'waiting' AND r.at <= ? ORDER BY r.log`,
  rulesSignedBy: `SELECT r.seq, r.id FROM rules r JOIN seats s ON s.id = r.seat WHERE s.owner = ? AND r.status = 'waiting'`,
  insertRule: 'INSERT INTO rules (id, log, wish, status, text_hash, seat, at) VALUES (?, ?, ?, ?, ?, ?, ?)',
  endRule: 'UPDATE rules SET status = ? WHERE seq = ?',
  // proposals
  proposalById: 'SELECT * FROM proposals WHERE id = ?',
  waitingProposals:
    "SELECT COUNT(*) AS count FROM proposals WHERE log = ? AND status = 'waiting' AND until_at > ?",
  overdueProposals: `SELECT p.id, l.client FROM proposals p JOIN logs l ON l.id = p.log
    WHERE p.status = 'waiting' AND p.until_at <= ? ORDER BY p.log, p.entry`,
  insertProposal: `INSERT INTO proposals (id, log, status, template, systems, purposes, operations, days, once, budget,
    proposed_at, until_at, changed_at, entry, box) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  endProposal: 'UPDATE proposals SET status = ?, changed_at = ?, consent = ? WHERE id = ?',
  // emergencies
  grantsInForce: "SELECT * FROM grants WHERE log = ? AND status = 'active' ORDER BY entry",
  emergenciesOf: 'SELECT * FROM emergencies WHERE log = ?',
  emergencyByOpening: 'SELECT * FROM emergencies WHERE opening = ?',
  insertEmergency:
    'INSERT INTO emergencies (opening, log, consent, at, mark, review_by) VALUES (?, ?, ?, ?, ?, ?)',
  reviewEmergency:
    'UPDATE emergencies SET reviewed_at = ?, outcome = ?, seat = ?, box = ? WHERE opening = ? AND reviewed_at IS NULL',
  // copies
  exchangeByEntry: 'SELECT 1 FROM exchanges WHERE entry = ?',
  copyByRequest: `SELECT c.*, o.id AS session FROM copies c JOIN openings o ON o.seq = c.opening WHERE c.request = ?`,
  copiesLate: `SELECT destroy_by, grace_days, answer_by, kept_at FROM copies WHERE owner = ? AND log = ? AND gone_at IS NULL
    AND (destroy_by <= ? OR (kept_at IS NULL AND answer_by <= ?))`,
  copiesUnanswered:
    'SELECT * FROM copies WHERE opening = ? AND gone_at IS NULL AND kept_at IS NULL ORDER BY entry',
  insertCopy: `INSERT INTO copies (request, log, owner, opening, system, purpose, registered_at, destroy_by, grace_days,
    answer_by, kept_at, entry, box, consent, period, at_most) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  countCopy: 'UPDATE copies SET bytes = max(bytes, ?) WHERE request = ? AND outcome IS NULL',
  endCopy: 'UPDATE copies SET outcome = ?, digest = ?, bytes = coalesce(?, bytes) WHERE request = ?',
  keepCopy: 'UPDATE copies SET kept_at = ?, box = ? WHERE request = ?',
  goneCopy: 'UPDATE copies SET gone_at = ?, how = ?, done_at = ? WHERE request = ? AND gone_at IS NULL',
  sealCopy: 'UPDATE copies SET box = ? WHERE request = ?',
  copiesThere: 'SELECT 1 FROM copies WHERE log = ? AND gone_at IS NULL LIMIT 1',
  copiesGone: `SELECT c.*, o.id AS session FROM copies c JOIN openings o ON o.seq = c.opening
    WHERE c.log = ? AND c.gone_at IS NOT NULL AND c.how <> 'nothing' ORDER BY c.entry`,
  // the end of contracts
  newestEnding: 'SELECT * FROM ending_statements WHERE log = ? ORDER BY version DESC LIMIT 1',
  insertEndingStatement:
    'INSERT INTO ending_statements (log, version, hash, ends_at, set_at, box) VALUES (?, ?, ?, ?, ?, ?)',
  overNow: 'SELECT * FROM endings WHERE log = ? AND lifted_at IS NULL',
  grantsInTime: "SELECT id FROM grants WHERE log = ? AND status = 'active' AND until_at > ? ORDER BY entry",
  insertEnding: 'INSERT INTO endings (id, log, cause, since_at, began_at, entry) VALUES (?, ?, ?, ?, ?, ?)',
  liftEnding: 'UPDATE endings SET lifted_at = ? WHERE id = ?',
  certifyEnding: 'UPDATE endings SET certified_at = ?, hash = ?, box = ? WHERE id = ?',
  insertErasureNotice: `INSERT INTO erasure_notices (id, log, ending, what, at, from_at, entry, box)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  mayErase: "SELECT 1 FROM erasure_notices WHERE ending = ? AND what = 'data' AND from_at <= ? LIMIT 1",
  credentialsOf: 'SELECT * FROM credentials WHERE log = ? ORDER BY recorded_at, id',
  // matters
  matterById: 'SELECT * FROM matters WHERE id = ?',
  openDispute: "SELECT id FROM matters WHERE opening = ? AND what = 'dispute' AND status = 'open'",
  openQuestions: `SELECT COUNT(*) AS count FROM matters
    WHERE log = ? AND owner = ? AND what = 'question' AND status = 'open'`,
  insertMatter: `INSERT INTO matters (id, log, owner, opening, what, status, opened_at, due_at, changed_at, said, entry, box)
    VALUES (?, ?, ?, ?, ?, 'open', ?, ?, ?, 1, ?, ?)`,
  openContests: `SELECT id, owner FROM matters
    WHERE consent = ? AND consent IS NOT NULL AND status = 'open' ORDER BY entry`,
  contestsOpenOf: `SELECT COUNT(*) AS count FROM owners w JOIN matters m ON m.owner = w.id
    WHERE w.token = ? AND m.what = 'contest' AND m.status = 'open'`,
  insertContest: `INSERT INTO matters
    (id, log, owner, opening, what, status, opened_at, changed_at, said, entry, box, consent, instruction)
    VALUES (?, ?, ?, '', 'contest', 'open', ?, ?, 1, ?, ?, ?, ?)`,
  closeContest: 'UPDATE matters SET outcome = ? WHERE id = ?',
  changeMatter: 'UPDATE matters SET status = ?, due_at = ?, changed_at = ?, said = ?, box = ? WHERE id = ?',
  // kept views
  viewsOfOwner: 'SELECT * FROM views WHERE owner = ?',
  insertView: 'INSERT INTO views (id, owner, box) VALUES (?, ?, ?)',
  deleteView: 'DELETE FROM views WHERE id = ? AND owner = ?',
  // sign-ins and policy
  insertLogin: 'INSERT INTO logins (id, sid, sub, subject, started_at, box) VALUES (?, ?, ?, ?, ?, ?)',
  loginById: 'SELECT id, subject, browser, ended_at FROM logins WHERE id = ?',
  putBrowser: 'UPDATE logins SET browser = ? WHERE id = ?',
  loginsOfBrowser: 'SELECT id FROM logins WHERE browser = ? AND ended_at IS NULL',
  loginsBySid: 'SELECT id FROM logins WHERE sid = ? AND ended_at IS NULL',
  loginsBySub: 'SELECT id FROM logins WHERE sub = ? AND ended_at IS NULL',
  loginsBySubject: 'SELECT id FROM logins WHERE subject = ? AND ended_at IS NULL',
  endLogin: 'UPDATE logins SET ended_at = ? WHERE id = ? AND ended_at IS NULL',
  putToken: `INSERT INTO tokens (login, confirmed_at, box) VALUES (?, ?, ?)
    ON CONFLICT (login) DO UPDATE SET confirmed_at = excluded.confirmed_at, box = excluded.box`,
  deleteToken: 'DELETE FROM tokens WHERE login = ?',
  insertCommandLine: 'INSERT INTO command_lines (hash, login, made_at, used_at, box) VALUES (?, ?, ?, ?, ?)',
  commandLineLives: 'SELECT 1 FROM command_lines WHERE hash = ?',
  commandLinesOf: 'SELECT hash FROM command_lines WHERE login = ? ORDER BY made_at DESC, hash',
  forgetCommandLines: 'DELETE FROM command_lines WHERE made_at < ?',
  useCommandLine: 'UPDATE command_lines SET used_at = ? WHERE hash = ?',
  moveCommandLines: 'UPDATE command_lines SET login = ? WHERE login = ?',
  deleteCommandLine: 'DELETE FROM command_lines WHERE hash = ?',
  deleteCommandLines: 'DELETE FROM command_lines WHERE login = ?',
  forgetTokens: 'DELETE FROM tokens WHERE confirmed_at < ?',
  insertBinding: 'INSERT INTO bindings (entry, bound_at, box) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  insertNoticeRead: 'INSERT INTO notices_read (entry, read_at, box) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  putDirectory: `INSERT INTO directory (id, changed_at, box) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET changed_at = excluded.changed_at, box = excluded.box`,
  deleteDirectory: 'DELETE FROM directory WHERE id = ?',
  slice: 'SELECT 1 FROM slices WHERE log = ? AND hash = ?',
  insertSlice: 'INSERT INTO slices (log, hash, box) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  // credentials
  credentialClients: `SELECT DISTINCT l.client FROM credentials c JOIN logs l ON l.id = c.log WHERE c.returned_at IS NULL`,
  heldCredentials: 'SELECT * FROM credentials WHERE log = ? AND returned_at IS NULL',
  insertCredential:
    'INSERT INTO credentials (id, log, system, kind, recorded_at, box) VALUES (?, ?, ?, ?, ?, ?)',
  changeCredential: 'UPDATE credentials SET rotated_at = ?, box = ? WHERE id = ?',
  returnCredential: 'UPDATE credentials SET returned_at = ? WHERE id = ?',
  useCredential: `UPDATE credentials SET used_at = ?
    WHERE system = ? AND returned_at IS NULL AND log = (SELECT id FROM logs WHERE client = ?)`,
  // drills
  newestShards: 'SELECT id FROM shards WHERE log = ? ORDER BY year DESC LIMIT 2',
  drillLines: `SELECT leaf FROM entries WHERE kind = ${kindNumbers['drill.ran']} AND ${rareKinds} AND id >= ? AND id < ?
    ORDER BY id DESC LIMIT 40`,
  // connections
  connectionById: 'SELECT * FROM connections WHERE id = ?',
  liveConnections:
    'SELECT COUNT(*) AS count FROM connections WHERE log = ? AND revoked_at IS NULL AND expires_at > ?',
  insertConnection: `INSERT INTO connections (id, log, seat, hash, scopes, created_at, expires_at, box)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  useConnection: 'UPDATE connections SET used_at = ? WHERE id = ?',
  revokeConnection: 'UPDATE connections SET revoked_at = ? WHERE id = ?',
  // webhooks
  hookById: 'SELECT * FROM hooks WHERE id = ?',
  liveHooks: `SELECT COUNT(*) AS count FROM hooks h JOIN seats s ON s.id = h.seat
    WHERE h.log = ? AND h.removed_at IS NULL AND s.removed_at IS NULL`,
  insertHook: 'INSERT INTO hooks (id, log, seat, events, added_at, box) VALUES (?, ?, ?, ?, ?, ?)',
  removeHook: 'UPDATE hooks SET removed_at = ? WHERE id = ?',
  savepoint: 'SAVEPOINT command',
  release: 'RELEASE command',
  rollbackTo: 'ROLLBACK TO command',
} as const;

export type Statements = { readonly [N in keyof typeof texts]: StatementSync };

export function prepareAll(db: DatabaseSync): Statements {
  const entries = Object.entries(texts).map(([name, text]) => [name, db.prepare(text)]);
  return Object.fromEntries(entries) as Statements;
}
