/** Loaded before a process of the gateway: its databases do without the sync of each commit, to show that tests notice. */
import { DatabaseSync } from 'node:sqlite';

const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function weaker(sql) {
  exec.call(this, sql.replaceAll('synchronous = FULL', 'synchronous = NORMAL'));
};
