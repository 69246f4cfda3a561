/** Routes of a system in words. Pure. */
import type { Client, Text } from '../core/model.ts';
import { texts } from './texts.ts';

/** What a client calls the route, or page furniture, else the stored path. `path` may carry the names of query keys. */
export function routeInWords(client: Client, system: string, method: string, path: string): Text | string {
  const template = path.split('?', 1)[0];
  const route = client.systems
    .get(system)
    ?.profile.routes.find(
      (one) =>
        one.template === template &&
        (one.label !== undefined || one.static) &&
        (one.methods?.includes(method) ?? true),
    );
  if (route !== undefined) return route.label ?? texts.controller.statics;
  return `${method} ${path === '' ? '…' : path}`;
}
