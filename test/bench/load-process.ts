/**
 * The load generator, a process of its own: answers `load`, `download`, `upload` and `signIn`.
 */

import type { BulkPlan } from './bulk.ts';
import { runDownload, runUpload } from './bulk.ts';
import { runLoad } from './load.ts';
import type { LoadPlan } from './protocol.ts';
import { serveQuestions } from './protocol.ts';
import { signIn } from './sign-in.ts';

serveQuestions(
  {
    load: (plan) => runLoad(plan as LoadPlan),
    download: (plan) => runDownload(plan as BulkPlan),
    upload: (plan) => runUpload(plan as BulkPlan),
    signIn: async (portal) => void (await signIn(String(portal), 'alice')),
  },
  async () => undefined,
);
