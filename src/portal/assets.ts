/**
 * The portal's own files (one style sheet, a few small scripts): read once at start, served under names that carry
 * their hash, so that they may be kept for ever. Nothing else is ever served from disk.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Express } from 'express';

const names = ['portal.css', 'live.js', 'passkey.js', 'page.js', 'icon.svg'] as const;
export type AssetName = (typeof names)[number];
export type Assets = { readonly [N in AssetName]: string };

const types = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

/** Registers the files and answers their addresses. */
export function serveAssets(app: Express): Assets {
  const folder = new URL('./assets/', import.meta.url);
  const paths = names.map((name) => {
    const body = readFileSync(new URL(name, folder));
    const digest = hash('sha256', body, 'base64url');
    const [stem, extension] = name.split('.') as [string, keyof typeof types];
    const path = `/assets/${stem}.${digest.slice(0, 16)}.${extension}`;
    app.get(path, (_req, res) => {
      res.set({
        'content-type': types[extension],
        'cache-control': 'public, max-age=31536000, immutable',
        etag: `"${digest}"`,
      });
      res.send(body);
    });
    return [name, path] as const;
  });
  return Object.fromEntries(paths) as Assets;
}
