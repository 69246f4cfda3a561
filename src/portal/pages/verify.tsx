/** The page with which a client becomes independent of us: key and state to keep, the export, how to check it. */
import type { JSX } from 'preact';
import { headPhrase } from '../../core/head-phrase.ts';
import { provesPath } from '../../core/proves.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';

const words = texts.controller;

export function VerifyPage(props: {
  readonly frame: Frame;
  /** How the download is named today. */
  readonly file: string;
  readonly head:
    | { readonly size: number; readonly checkpoint: string; readonly verifierKey: string }
    | undefined;
}): JSX.Element {
  const { frame, head, file } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.verifyTitle)}>
      <p class="lead">{say(words.verifyIntro)}</p>
      {head === undefined ? (
        <p class="empty">{say(words.noLog)}</p>
      ) : (
        <>
          <p class="lead" id="phrase">
            {say(words.phrase)} <strong>{headPhrase(head.checkpoint, frame.language)}</strong>
          </p>
          <Noted
            frame={frame}
            id="key"
            title={say(words.key)}
            hint={say(words.keyHint)}
            value={head.verifierKey}
          />
          <Noted
            frame={frame}
            id="state"
            title={say(words.head)}
            hint={`${say(words.headHint)} ${say(words.entries(head.size))}.`}
            value={head.checkpoint}
          />
          <section class="panel" aria-labelledby="download">
            <h2 id="download">{say(words.download)}</h2>
            <p>{say(words.downloadHint)}</p>
            <p class="actions">
              <a class="button" href="/export" download>
                {say(words.download)}
              </a>
            </p>
          </section>
          <How frame={frame} file={file} verifierKey={head.verifierKey} />
        </>
      )}
      <p>
        {say(words.limits)} <a href={provesPath}>{say(texts.proves.title)}</a>
      </p>
    </Layout>
  );
}

function Noted(props: {
  readonly frame: Frame;
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  readonly value: string;
}): JSX.Element {
  const { frame, id, title, hint, value } = props;
  return (
    <section class="panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      <p>{hint}</p>
      <pre id={id}>{value}</pre>
      <button type="button" class="plain" data-copy={id} data-copied={frame.say(words.copied)} hidden>
        {frame.say(words.copy)}
      </button>
    </section>
  );
}

function How({
  frame,
  file,
  verifierKey,
}: {
  readonly frame: Frame;
  readonly file: string;
  readonly verifierKey: string;
}): JSX.Element {
  const { say } = frame;
  const state = frame.language === 'fr' ? 'etat.txt' : 'state.txt';
  return (
    <section class="panel" aria-labelledby="how">
      <h2 id="how">{say(words.howTitle)}</h2>
      <ol>
        <li>{say(words.how1)}</li>
        <li>{say(words.how2)}</li>
        <li>
          {say(words.how3)}
          <pre>{`npx consentry ledger verify ${file} \\\n  --key '${verifierKey}' \\\n  --since ${state}`}</pre>
        </li>
        <li>{say(words.how4)}</li>
      </ol>
    </section>
  );
}
