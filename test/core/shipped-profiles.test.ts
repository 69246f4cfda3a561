/** The profiles that are shipped, over the requests that their applications really send. */
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { sampleVariables } from '../../src/cli/policy-options.ts';
import { classify } from '../../src/core/classify.ts';
import { classifyBody } from '../../src/core/classify-body.ts';
import type { Profile } from '../../src/core/model.ts';
import { parseTarget } from '../../src/core/paths.ts';
import { buildProfile } from '../../src/core/policy/build-profile.ts';
import { createComplaints } from '../../src/core/policy/complaints.ts';
import { parseFile } from '../../src/core/policy/parse.ts';
import { profileFile } from '../../src/core/policy/schema-profile.ts';
import { loadPolicies } from '../../src/stores/policy-files.ts';
import { policyFolder } from '../support/policies.ts';

/** The profile as the compiler makes it. */
async function shipped(name: string): Promise<Profile> {
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const folder = await policyFolder({
    'clients/acme.yaml': acme.replace('profile: erp-demo', `profile: ${name}`),
  });
  const loaded = await loadPolicies(folder.path, {
    evaluation: true,
    production: false,
    portalUrl: new URL('http://portal.localhost:8080'),
    variables: sampleVariables,
  });
  await folder.remove();
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  const profile = loaded.snapshot.clients.get('acme')?.systems.get('erp')?.profile;
  if (profile === undefined) throw new Error('no profile');
  return profile;
}

interface Sent {
  readonly upgrade?: boolean;
  readonly json?: unknown;
  readonly form?: string;
}

/** `operation template` of one request, its body looked into where the profile asks for it. */
function outcome(profile: Profile, line: string, { upgrade = false, json, form }: Sent = {}): string {
  const [method = '', raw = ''] = line.split(' ');
  const target = parseTarget(raw);
  if ('refuse' in target) return target.refuse;
  const body = json === undefined ? form : JSON.stringify(json);
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
  const classified = classify(profile, method, target, {
    upgrade,
    dest: undefined,
    accept: undefined,
    body: body !== undefined,
    type: body === undefined ? undefined : type,
  });
  if ('refuse' in classified) return classified.refuse;
  const known =
    classified.peek === undefined
      ? classified
      : classifyBody(classified.peek, Buffer.from(body ?? ''), classified);
  return `${known.operation} ${known.template}`;
}

function call(method: string, params: object = {}): Sent {
  const kwargs = { context: { lang: 'fr_FR', tz: 'Europe/Paris', uid: 2, allowed_company_ids: [1] } };
  return {
    json: {
      id: 7,
      jsonrpc: '2.0',
      method: 'call',
      params: { model: 'res.partner', method, args: [[1]], kwargs, ...params },
    },
  };
}

describe('odoo', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await shipped('odoo');
  });

  test.each<[string, Sent, string]>([
    ['GET /', {}, 'read /'],
    ['GET /web', {}, 'read /web'],
    ['GET /web?debug=1', {}, 'read /web'],
    ['GET /odoo/contacts/7', {}, 'read /odoo/**'],
    ['GET /web/login', {}, 'read /web/login'],
    ['POST /web/login', { form: 'csrf_token=x&login=a&password=b&redirect=' }, 'read /web/login'],
    ['POST /web/login', { form: 'login=a&_method=DELETE' }, 'write /web/login'],
    [
      'POST /web/session/get_session_info',
      { json: { jsonrpc: '2.0', params: {} } },
      'read /web/session/get_session_info',
    ],
    ['GET /web/webclient/load_menus/0a1b', {}, 'read /web/webclient/**'],
    ['GET /web/assets/1/0a1b2c/web.assets_web.min.js', {}, 'read /web/assets/**'],
    ['GET /web/static/img/logo.png', {}, 'read /web/static/**'],
    ['GET /sale/static/src/a.js', {}, 'read /:module/static/**'],
    ['GET /web/image/res.partner/7/avatar_128', {}, 'read /web/image/**'],
    ['POST /web/action/load', { json: { params: { action_id: 1 } } }, 'read /web/action/load'],
    [
      'POST /web/dataset/call_kw/res.partner/web_search_read',
      call('web_search_read'),
      'read /web/dataset/call_kw/**',
    ],
    ['POST /web/dataset/call_kw/res.partner/web_read', call('web_read'), 'read /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw', call('search_read'), 'read /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw', call('fields_get'), 'read /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw', call('name_search'), 'read /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw/res.partner/web_save', call('web_save'), 'write /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw/res.partner/write', call('write'), 'write /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw/res.partner/unlink', call('unlink'), 'write /web/dataset/call_kw/**'],
    ['POST /web/dataset/call_kw/res.partner/create', call('create'), 'write /web/dataset/call_kw/**'],
    // The path says read, the body does not.
    ['POST /web/dataset/call_kw/res.partner/read', call('unlink'), 'write /web/dataset/call_kw/**'],
    [
      'POST /web/dataset/call_kw/res.partner/export_data',
      call('export_data'),
      'write /web/dataset/call_kw/**',
    ],
    ['POST /web/dataset/call_kw?x=1', call('read'), 'write /web/dataset/call_kw/**'],
    ['GET /web/dataset/call_kw', {}, 'write /web/dataset/call_kw'],
    ['POST /web/dataset/call_button', call('action_confirm'), 'write /web/dataset/call_button/**'],
    ['POST /web/dataset/resequence', { json: {} }, 'write /web/dataset/resequence'],
    ['POST /web/action/run', { json: {} }, 'write /web/action/run'],
    ['POST /mail/thread/messages', { json: {} }, 'read /mail/thread/messages'],
    ['POST /mail/message/post', { json: {} }, 'write /mail/message/post'],
    ['GET /websocket?version=17.0-3', { upgrade: true }, 'read /websocket'],
    ['POST /longpolling/poll', { json: {} }, 'read /longpolling/poll'],
    ['GET /web/content/12?download=true', {}, 'copy /web/content/**'],
    ['GET /web/content/ir.attachment/12/datas/x.pdf', {}, 'copy /web/content/**'],
    ['POST /report/download', { form: 'data=%5B%22%2Freport%2Fpdf%22%5D&token=1' }, 'copy /report/download'],
    ['GET /report/pdf/account.report_invoice/7', {}, 'copy /report/pdf/**'],
    ['GET /report/html/account.report_invoice/7', {}, 'read /report/html/**'],
    ['POST /web/export/xlsx', { form: 'data=%7B%7D' }, 'copy /web/export/xlsx'],
    ['POST /web/export/xlsx', { form: 'data=1&_method=PUT' }, 'write /web/export/xlsx'],
    ['POST /web/database/backup', { form: 'master_pwd=x&name=y' }, 'copy /web/database/backup'],
    ['POST /web/database/drop', { form: 'master_pwd=x&name=y' }, 'write /web/database/**'],
    ['POST /web/binary/upload_attachment', { form: 'x=1' }, 'write /web/binary/upload_attachment'],
    ['GET /web/become', {}, 'write /web/become'],
    ['GET /WEB/Become/', {}, 'write /web/become'],
    ['GET /calendar/meeting/accept?token=x', {}, 'write /calendar/meeting/**'],
    ['POST /jsonrpc', call('read'), 'write /jsonrpc'],
    ['POST /xmlrpc/2/object', { form: 'x' }, 'write /xmlrpc/**'],
  ])('%s %j: %s', (line, sent, expected) => expect(outcome(profile, line, sent)).toBe(expected));
});

describe('adminer', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await shipped('adminer');
  });
  const at = 'server=db&username=app&db=shop';

  test.each<[string, Sent, string]>([
    ['GET /', {}, 'read /'],
    ['POST /', { form: 'auth%5Bdriver%5D=server&auth%5Bserver%5D=db&auth%5Busername%5D=app' }, 'read /'],
    ['POST /adminer.php', { form: 'auth[driver]=server' }, 'read /:file'],
    ['GET /adminer.php?file=default.css&version=4.8.1', {}, 'read /:file'],
    ['GET /adminer.php?server=db&username=app', {}, 'read /:file'],
    [`GET /adminer.php?${at}`, {}, 'read /:file?db'],
    ['GET /adminer.php?pgsql=db&username=app&db=shop&ns=public', {}, 'read /:file?db'],
    [`GET /?${at}&select=customers`, {}, 'read /?select'],
    [`GET /?${at}&select=customers&page=3&limit=50`, {}, 'read /?select'],
    [`GET /?${at}&select=customers&columns%5B0%5D%5Bcol%5D=id`, {}, 'read /?select'],
    [`GET /?${at}&table=customers`, {}, 'read /?table'],
    [`GET /?${at}&schema=`, {}, 'read /?schema'],
    [`GET /?${at}&select=customers&where%5B0%5D%5Bop%5D=SQL&where%5B0%5D%5Bval%5D=f()`, {}, 'write /?select'],
    [`GET /?${at}&select=customers&order%5B0%5D=LO_UNLINK(%22id%22)`, {}, 'write /?select'],
    [`GET /?${at}&select=customers&edit=customers`, {}, 'write /?select&edit'],
    [`GET /?${at}&sql=`, {}, 'write /?sql'],
    [`POST /?${at}&sql=`, { form: 'query=DROP+TABLE+x' }, 'write /?sql'],
    [`POST /?${at}&select=customers`, { form: 'delete=1&all=1' }, 'write /?select'],
    [`POST /?${at}`, { form: 'drop=1&tables%5B%5D=x' }, 'write /'],
    [`POST /?${at}`, { form: 'auth[driver]=server' }, 'write /'],
    [`GET /?${at}&dump=`, {}, 'copy /?dump'],
    [`POST /?${at}&dump=`, { form: 'output=text&format=sql&tables%5B%5D=x' }, 'copy /?dump'],
    [`POST /?${at}&dump=&sql=`, { form: 'output=text' }, 'write /?sql'],
    [`GET /?${at}&download=t&field=f&where%5Bid%5D=1`, {}, 'write /?download'],
    ['GET /?username=app&import=', {}, 'write /?import'],
    ['GET /?username=app&privileges=', {}, 'write /?privileges'],
    ['GET /?username=app&select=x;sql=y', {}, 'write /?select'],
    ['GET /tools/adminer.php?username=app', {}, 'write /**'],
    ['GET /adminer.php/x?username=app', {}, 'write /**'],
  ])('%s %j: %s', (line, sent, expected) => expect(outcome(profile, line, sent)).toBe(expected));
});

describe('node-red', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await shipped('node-red');
  });

  test.each<[string, Sent, string]>([
    ['GET /', {}, 'read /'],
    ['GET /flows?_=1', {}, 'read /flows'],
    ['POST /flows', { json: { flows: [] } }, 'write /flows'],
    ['GET /settings', {}, 'read /settings'],
    ['POST /auth/token', { form: 'client_id=node-red-editor&grant_type=password' }, 'read /auth/token'],
    ['POST /inject/0a1b', { json: {} }, 'write /inject/:node'],
    ['POST /nodes', { json: { module: 'x' } }, 'write /nodes'],
    ['PUT /nodes/x', { json: { enabled: false } }, 'write /nodes/x'],
    ['DELETE /nodes/x', {}, 'write /nodes/x'],
    ['DELETE /context/global/x', {}, 'write /context/global/x'],
    ['POST /library/local/flows/x', { json: {} }, 'write /library/local/flows/x'],
    ['GET /comms', { upgrade: true }, 'read /comms'],
    ['GET /red/red.min.js', {}, 'read /red/**'],
  ])('%s %j: %s', (line, sent, expected) => expect(outcome(profile, line, sent)).toBe(expected));
});

describe('generic', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await shipped('generic');
  });

  test.each<[string, Sent, string]>([
    ['GET /anything/7', {}, 'read /anything/*'],
    ['GET /anything?_method=DELETE', {}, 'write /anything'],
    ['POST /anything', { json: { method: 'read' } }, 'write /anything'],
    ['GET /socket', { upgrade: true }, 'write /socket'],
    ['PROPFIND /anything', {}, 'method_not_allowed'],
  ])('%s %j: %s', (line, sent, expected) => expect(outcome(profile, line, sent)).toBe(expected));
});

describe('the demonstration’s', () => {
  test.each<[string, string, Sent, string]>([
    ['erp-demo', 'POST /api/rpc', { json: { method: 'customer.read' } }, 'read /api/rpc'],
    ['erp-demo', 'POST /api/rpc', { json: { method: 'customer.delete' } }, 'write /api/rpc'],
    ['erp-demo', 'GET /api/rpc?method=customer.delete', {}, 'write /api/rpc'],
    ['erp-demo', 'DELETE /api/customers/7', {}, 'write /api/customers/*'],
    ['erp-demo', 'GET /export/customers.csv', {}, 'copy /export/customers.csv'],
    ['erp-demo', 'GET /Export/Customers.CSV/', {}, 'copy /export/customers.csv'],
    ['backup-demo', 'GET /backups/3/archive', {}, 'copy /backups/:id/archive'],
    ['backup-demo', 'POST /backups/3/restore', {}, 'write /backups/:id/restore'],
    ['payroll-demo', 'GET /payslips/7', {}, 'read /payslips/:id'],
    ['payroll-demo', 'POST /payslips', { form: 'a=1' }, 'write /payslips'],
  ])('%s: %s %j: %s', async (name, line, sent, expected) => {
    expect(outcome(await shipped(name), line, sent)).toBe(expected);
  });
});

test('the examples in the documentation pass the check', async () => {
  const page = await readFile('docs/policy/profiles.md', 'utf8');
  const prose = page.slice(page.indexOf('<!-- /example -->'), page.indexOf('## Every key'));
  const examples = [...prose.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text = '']) => text);
  expect(examples).toHaveLength(2);
  for (const text of examples) {
    const routes = text.startsWith('routes:') ? text : `routes:\n${text}`;
    const file = { path: 'profiles/x.yaml', text: `application: { en: X, fr: X }\n${routes}` };
    const parsed = parseFile(profileFile, file, {});
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults));
    const complaints = createComplaints();
    buildProfile('x', parsed.file, complaints);
    expect(complaints.faults).toEqual([]);
  }
});

/** Each recipe of the documentation: its name, and the YAML under it. */
async function recipes(): Promise<readonly (readonly [string, string])[]> {
  const page = await readFile('docs/applications.md', 'utf8');
  const [, ...parts] = page.slice(page.indexOf('\n## Recipes')).split('\n### ');
  return parts.map((part) => {
    const [, yaml = ''] = /```yaml\n(\w+:\n[\s\S]*?)```/.exec(part) ?? [];
    return [part.slice(0, part.indexOf('\n')), yaml] as const;
  });
}

test('each recipe in the documentation is a system of a client’s file, with a profile that is shipped', async () => {
  const acme = await readFile('policies/clients/acme.yaml', 'utf8');
  const found = await recipes();
  expect(found.length).toBeGreaterThanOrEqual(4);
  for (const [name, yaml] of found) {
    expect([name, yaml]).not.toEqual([name, '']);
    const system = yaml.replace(/^(?=.)/gm, '  ');
    const folder = await policyFolder({
      'clients/acme.yaml': acme.replace('systems:\n', `systems:\n${system}\n`),
    });
    const loaded = await loadPolicies(folder.path, {
      evaluation: true,
      production: false,
      portalUrl: new URL('http://portal.localhost:8080'),
      variables: sampleVariables,
    });
    await folder.remove();
    expect([name, 'faults' in loaded ? loaded.faults : []]).toEqual([name, []]);
    if ('faults' in loaded) continue;
    const id = yaml.slice(0, yaml.indexOf(':'));
    expect(loaded.snapshot.clients.get('acme')?.systems.has(id)).toBe(true);
  }
});

describe('webdav', () => {
  let profile: Profile;
  beforeAll(async () => {
    profile = await shipped('webdav');
  });

  test.each<[string, string]>([
    ['OPTIONS /', 'read /**'],
    ['OPTIONS /a/b.txt', 'read /**'],
    ['PROPFIND /a/', 'read /**'],
    ['GET /a/b.txt', 'copy /**'],
    ['HEAD /a/b.txt', 'copy /**'],
    ['PUT /a/b.txt', 'write /**'],
    ['DELETE /a', 'write /**'],
    ['MKCOL /a', 'write /**'],
    ['MOVE /a', 'write /**'],
    ['LOCK /a', 'write /**'],
    ['REPORT /a', 'method_not_allowed'],
    ['TRACE /a', 'method_not_allowed'],
  ])('%s is %s', (line, expected) => {
    expect(outcome(profile, line)).toBe(expected);
  });

  test('what a route says of OPTIONS does not hold where another takes the path', () => {
    const { routes } = profile;
    const get = routes.find(({ methods }) => methods?.includes('GET'));
    if (get === undefined) throw new Error('no route for GET');
    const admin = { ...get, template: '/admin', segments: ['admin'], operation: 'write' as const };
    const stricter = { ...profile, routes: [...routes, admin] };
    expect(outcome(stricter, 'OPTIONS /admin')).toBe('write /admin');
    expect(outcome(stricter, 'OPTIONS /ADMIN/')).toBe('write /admin');
    expect(outcome(stricter, 'OPTIONS /other')).toBe('read /**');
  });
});

test.each<[string, Sent, string]>([
  ['GET /', {}, 'read /'],
  ['GET /token', {}, 'read /token'],
  ['GET /ws', { upgrade: true }, 'write /**'],
  ['GET /', { upgrade: true }, 'write /**'],
  ['GET /elsewhere', {}, 'write /**'],
  ['POST /', { form: 'a=b' }, 'write /**'],
])('web-terminal: %s %j is %s', async (line, sent, expected) => {
  expect(outcome(await shipped('web-terminal'), line, sent)).toBe(expected);
});
