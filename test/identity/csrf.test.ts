import { describe, expect, test } from '@jest/globals';
import express from 'express';
import request from 'supertest';
import { createCsrf } from '../../src/identity/csrf.ts';

const portalUrl = new URL('https://portal.example');

function app() {
  const { token, check } = createCsrf({ portalUrl });
  const session: { csrf?: string } = {};
  const made = express();
  made.use((req, _res, next) => {
    Object.assign(req, { session });
    next();
  });
  made.get('/token', (req, res) => void res.send(token(req)));
  made.use(express.json(), express.urlencoded({ extended: false }), check);
  made.all('/act', (_req, res) => void res.send('done'));
  return made;
}

async function withToken() {
  const made = app();
  const { text: token } = await request(made).get('/token');
  return { made, token };
}

describe('a POST', () => {
  test.each<[string, Record<string, string>, number]>([
    ['of a browser', { 'sec-fetch-site': 'same-origin', origin: 'https://portal.example' }, 200],
    ['of a form on a page without referrer', { 'sec-fetch-site': 'same-origin', origin: 'null' }, 200],
    ['of an older browser', { origin: 'https://portal.example' }, 200],
    ['of a program', {}, 200],
    ['from a sibling host', { 'sec-fetch-site': 'same-site', origin: 'https://erp.example' }, 403],
    ['from another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }, 403],
    ['from the address bar', { 'sec-fetch-site': 'none' }, 403],
    ['that contradicts itself', { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 403],
    ['from another origin', { origin: 'https://portal.example.evil' }, 403],
    ['over plain HTTP', { origin: 'http://portal.example' }, 403],
    ['from an opaque origin', { origin: 'null' }, 403],
  ])('%s, with the token', async (_name, headers, status) => {
    const { made, token } = await withToken();
    expect((await request(made).post('/act').set(headers).type('form').send({ csrf: token })).status).toBe(
      status,
    );
  });

  test('may carry the token in a header', async () => {
    const { made, token } = await withToken();
    expect((await request(made).post('/act').set('x-csrf-token', token).send({})).status).toBe(200);
  });

  test.each<[string, object]>([
    ['without a token', {}],
    ['with an empty one', { csrf: '' }],
    ['with another', { csrf: 'A'.repeat(43) }],
    ['with a list', { csrf: ['a', 'b'] }],
    ['with an object', { csrf: { length: 43 } }],
  ])('%s is refused', async (_name, body) => {
    const { made } = await withToken();
    const answer = await request(made).post('/act').send(body);
    expect([answer.status, answer.body]).toEqual([
      403,
      expect.objectContaining({ code: 'form_expired', status: 403 }),
    ]);
  });

  test('of a session that never had a token is refused, even with none', async () => {
    expect((await request(app()).post('/act').send({ csrf: 'undefined' })).status).toBe(403);
    expect((await request(app()).post('/act').send({})).status).toBe(403);
  });

  test.each(['put', 'patch', 'delete'] as const)('by any other name (%s) is one', async (method) => {
    const { made } = await withToken();
    expect((await request(made)[method]('/act')).status).toBe(403);
  });
});

test('looking needs no token, and the token stays the same within a session', async () => {
  const { made, token } = await withToken();
  expect((await request(made).get('/act')).status).toBe(200);
  expect((await request(made).get('/token')).text).toBe(token);
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect((await request(app()).get('/token')).text).not.toBe(token);
});
