/**
 * The portal's own files (one style sheet, a few small scripts): read once at start, served under names that carry
 * their hash, so that they may be kept for ever. Nothing else is ever served from disk.
 */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Express } from 'express';
import { programFile } from '../program.ts';

const names = [
  'portal.css',
  'stream.js',
  'passkey.js',
  'enrol.js',
  'page.js',
  'desk.js',
  'companion.js',
  'icon.svg',
] as const;
export type AssetName = (typeof names)[number];
export type Assets = { readonly [N in AssetName]: string };

const types = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
} as const;

export interface LoadedAssets {
  /** The address of each file. */
  readonly paths: Assets;
  readonly files: readonly {
    readonly path: string;
    readonly body: Buffer;
    readonly headers: Record<string, string>;
  }[];
}

/** Reads the files. Throws when one is missing: a portal without its style must not start. */
export function loadAssets(): LoadedAssets {
  const folder = programFile('portal/assets/');
  const files = names.map((name) => {
    const body = readFileSync(new URL(name, folder));
    const digest = hash('sha256', body, 'base64url');
    const [stem, extension] = name.split('.') as [string, keyof typeof types];
    const headers = {
      'content-type': types[extension],
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${digest}"`,
    };
    return { name, path: `/assets/${stem}.${digest.slice(0, 16)}.${extension}`, body, headers };
  });
  return { paths: Object.fromEntries(files.map(({ name, path }) => [name, path])) as Assets, files };
}

/** Registers the files under their addresses. */
export function serveAssets(app: Express, { files }: LoadedAssets): void {
  for (const { path, body, headers } of files) {
    app.get(path, (_req, res) => {
      res.set(headers).send(body);
    });
  }
}
