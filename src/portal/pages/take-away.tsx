/** What can be taken home, each with what it is good for. */
import type { JSX } from 'preact';
import { provesPath } from '../../core/proves.ts';
import { texts } from '../texts.ts';
import { type Frame, Layout } from './layout.tsx';
import { ErrorSummary, type FieldErrors, Group, Input } from './parts.tsx';

const words = texts.takeAway;

export interface TakeAwayForm {
  readonly from: string;
  readonly until: string;
  readonly format: string;
  readonly separator: string;
  readonly bom: boolean;
}

export function TakeAwayPage(props: {
  readonly frame: Frame;
  readonly form: TakeAwayForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, form, errors } = props;
  const { say } = frame;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      <ErrorSummary errors={errors} say={say} />
      <div class="tiles">
        <section class="tile" aria-labelledby="proof">
          <h2 id="proof">{say(words.proof)}</h2>
          <p>{say(words.proofText)}</p>
          <p class="actions">
            <a class="button" href="/verify">
              {say(words.proofGo)}
            </a>
            <a href={provesPath}>{say(texts.proves.title)}</a>
          </p>
        </section>
        <section class="tile" aria-labelledby="month">
          <h2 id="month">{say(words.month)}</h2>
          <p>{say(words.monthText)}</p>
          <p class="actions">
            <a class="button" href="/report">
              {say(words.monthGo)}
            </a>
          </p>
        </section>
        <section class="tile" aria-labelledby="consultation">
          <h2 id="consultation">{say(texts.report.consultation)}</h2>
          <p>{say(words.consultationText)}</p>
          <p class="actions">
            <a class="button" href="/report/consultation">
              {say(words.consultationGo)}
            </a>
          </p>
        </section>
      </div>
      <section class="panel spaced" aria-labelledby="table">
        <h2 id="table">{say(words.table)}</h2>
        <p>{say(words.tableText)}</p>
        <form method="get" action="/take-away/log" class="stack" noValidate>
          <Input name="from" label={say(words.from)} type="date" value={form.from} errors={errors} />
          <Input
            name="until"
            label={say(words.until)}
            hint={say(words.untilHint)}
            type="date"
            value={form.until}
            errors={errors}
          />
          <Group name="format" legend={say(words.format)} errors={errors}>
            {(['csv', 'jsonl', 'ecs'] as const).map((format) => (
              <label key={format} class="choice">
                <input type="radio" name="format" value={format} checked={form.format === format} />
                <span>
                  <span class="strong">{say(words.formats[format])}</span>
                  <span class="hint">{say(words.formatHints[format])}</span>
                </span>
              </label>
            ))}
          </Group>
          <details>
            <summary>{say(words.spreadsheet)}</summary>
            <Group name="separator" legend={say(words.separator)} errors={errors}>
              {([';', ','] as const).map((separator) => (
                <label key={separator} class="choice">
                  <input
                    type="radio"
                    name="separator"
                    value={separator}
                    checked={form.separator === separator}
                  />
                  <span>{say(separator === ';' ? words.semicolon : words.comma)}</span>
                </label>
              ))}
            </Group>
            <label class="choice">
              <input type="checkbox" name="bom" checked={form.bom} />
              <span>{say(words.bom)}</span>
            </label>
          </details>
          <button type="submit">{say(words.download)}</button>
        </form>
      </section>
      <p class="quiet">{say(words.recorded)}</p>
    </Layout>
  );
}
