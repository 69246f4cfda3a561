/** A browser for the portal's tests: keeps cookies, says who is signed in, sends forms with the page's own token. */
import request from 'supertest';
import { hidden, type World } from './world.ts';

export type Form = Readonly<Record<string, string | readonly string[]>>;

export function browser(world: World, user: string, language = 'en') {
  const agent = request.agent(world.app);
  const as = <T extends request.Test>(test: T): T =>
    test.set('x-test-user', user).set('accept', 'text/html').set('accept-language', language);
  let token = '';
  const get = (path: string) => as(agent.get(path));
  /** The token of this session; every page of a signed-in person carries it. */
  const csrf = async () => {
    if (token === '')
      token = hidden((await get('/')).text, 'csrf') || hidden((await get('/seat')).text, 'csrf');
    return token;
  };
  return {
    agent,
    get,
    csrf,
    // The token comes first: the agent attaches its cookies when a request is made, not when it is sent.
    async post(path: string, form: Form = {}) {
      const token = await csrf();
      return as(agent.post(path))
        .type('form')
        .send({ csrf: token, ...form });
    },
    async json(path: string, body: object) {
      const token = await csrf();
      return agent
        .post(path)
        .set('x-test-user', user)
        .set('accept', 'application/json')
        .set('x-csrf-token', token)
        .send(body);
    },
  };
}
