/**
 * The shell of the sample backup server, as a web terminal has one: a page and a WebSocket. It is no shell of this machine: a few
 * commands over a few invented files, because whoever reaches a sample system may do all of it.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';

const files: Readonly<Record<string, string>> = {
  '/etc/hostname': 'silo\n',
  '/etc/silo.conf': 'keep_weeks = 12\ntarget = /var/backups\nschedule = Sun 02:00\n',
  '/var/backups/b-0301.tar.gz': '',
  '/var/backups/b-0308.tar.gz': '',
  '/var/backups/b-0315.tar.gz': '',
  '/var/log/silo.log': 'Sun 02:00 started\nSun 02:14 b-0315 done, 55 MB, verified\n',
};

const commands = 'help  ls [FOLDER]  cat FILE  df  uptime  whoami  exit';

/** What the machine answers to one line; undefined: the terminal is over. */
export function runLine(line: string): string | undefined {
  const [command = '', argument = ''] = line.trim().split(/\s+/);
  switch (command) {
    case '':
      return '';
    case 'help':
      return `${commands}\n`;
    case 'ls':
      return list(argument === '' ? '/' : argument);
    case 'cat': {
      const text = Object.hasOwn(files, argument) ? files[argument] : undefined;
      return text ?? `cat: ${argument}: No such file\n`;
    }
    case 'df':
      return 'Filesystem  Size  Used  Avail  Use%  Mounted on\n/dev/vda2    40G   11G    29G   28%  /var/backups\n';
    case 'uptime':
      return 'up 41 days, load average: 0.03, 0.05, 0.01\n';
    case 'whoami':
      return 'operator\n';
    case 'exit':
      return undefined;
    default:
      return `${command}: not found; there are: ${commands}\n`;
  }
}

function list(folder: string): string {
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const below = Object.keys(files).filter((path) => path.startsWith(prefix));
  const names = new Set(below.map((path) => path.slice(prefix.length).split('/')[0] ?? ''));
  return names.size === 0 ? `ls: ${folder}: No such folder\n` : `${[...names].join('\n')}\n`;
}

export interface Shell {
  /** Takes an upgrade of `/shell/ws`; anything else is answered 404. */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

const prompt = 'operator@silo:~$ ';

export function createShell(): Shell {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 4096 });
  return {
    upgrade(req, socket, head) {
      if (req.url?.split('?')[0] !== '/shell/ws') {
        socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      sockets.handleUpgrade(req, socket, head, (client) => {
        client.send(prompt);
        client.on('message', (data) => {
          const line = String(data);
          const answer = runLine(line);
          if (answer === undefined) return client.close();
          client.send(`${line}\n${answer}${prompt}`);
        });
        client.on('error', () => client.terminate());
      });
    },
    close() {
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}
