/** The client's own instructions: what is in force, and the form that changes them. */
import type { JSX } from 'preact';
import { assessments, sensitivities } from '../../core/own-instructions.ts';
import type { InstructionForm } from '../instruction-form.ts';
import { texts } from '../texts.ts';
import { Boxes, Radios, Ticks } from './choices.tsx';
import { FormPage } from './form-page.tsx';
import { type Frame, Layout } from './layout.tsx';
import { type FieldErrors, Group, Input } from './parts.tsx';
import { EarlierVersions, Version, type VersionShown } from './versions.tsx';

const words = texts.instructions;

export function InstructionsPage(props: {
  readonly frame: Frame;
  readonly may: boolean;
  /** Those that the provider wrote into the client's file. */
  readonly byFile: readonly string[];
  readonly versions: readonly VersionShown[];
}): JSX.Element {
  const { frame, may, byFile, versions } = props;
  const { say } = frame;
  const [current, ...earlier] = versions;
  const shown = { heading: 'h2', nothing: say(words.takenBack) } as const;
  return (
    <Layout frame={frame} title={say(words.title)}>
      <p class="lead">{say(words.intro)}</p>
      {current === undefined ? <p>{say(words.none)}</p> : <Version shown={current} {...shown} />}
      {may ? (
        <p class="actions">
          <a class="button" href="/instructions/new">
            {say(words.change)}
          </a>
        </p>
      ) : (
        <p class="quiet">{say(words.readOnly)}</p>
      )}
      {byFile.length > 0 && (
        <section aria-labelledby="by-file">
          <h2 id="by-file">{say(words.byFile)}</h2>
          <ul>
            {byFile.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </section>
      )}
      <EarlierVersions frame={frame} versions={earlier} {...shown} />
    </Layout>
  );
}

export function InstructionFormPage(props: {
  readonly frame: Frame;
  readonly csrf: string;
  readonly zone: string;
  readonly people: readonly { readonly id: string; readonly label: string }[];
  readonly form: InstructionForm;
  readonly errors: FieldErrors;
}): JSX.Element {
  const { frame, csrf, zone, people, form, errors } = props;
  const { say } = frame;
  return (
    <FormPage
      frame={frame}
      csrf={csrf}
      title={words.change}
      intro={words.formIntro}
      action="/instructions/new"
      errors={errors}
      submit={words.review}
      cancel="/instructions"
    >
      <Radios
        name="sensitivity"
        legend={say(words.sensitivity)}
        errors={errors}
        chosen={form.sensitivity}
        offer={sensitivities.map((id) => ({ id, label: say(words.sensitivities[id]) }))}
      />
      <Radios
        name="assessment"
        legend={say(words.assessment)}
        errors={errors}
        chosen={form.assessment}
        offer={assessments.map((id) => ({ id, label: say(words.assessments[id]) }))}
      />
      <Input
        name="assessedOn"
        type="date"
        label={say(words.assessedOn)}
        value={form.assessedOn}
        errors={errors}
      />
      <Boxes
        name="days"
        legend={`${say(words.days)} (${zone})`}
        hint={say(words.daysHint)}
        errors={errors}
        offer={words.dayNames.map((day, nth) => ({ id: String(nth + 1), label: say(day) }))}
        chosen={form.days}
      />
      <Input
        name="hoursFrom"
        label={say(words.hoursFrom)}
        value={form.hoursFrom}
        errors={errors}
        maxLength={5}
      />
      <Input
        name="hoursUntil"
        label={say(words.hoursUntil)}
        value={form.hoursUntil}
        errors={errors}
        maxLength={5}
      />
      <Group name="noCopy" legend={say(words.copies)} errors={errors}>
        <label class="choice">
          <input type="checkbox" name="noCopy" value="1" checked={form.noCopy} />
          <span>{say(words.noCopy)}</span>
        </label>
      </Group>
      <Radios
        name="who"
        legend={say(words.people)}
        errors={errors}
        chosen={form.who}
        offer={[
          { id: 'anybody', label: say(words.anybody) },
          { id: 'named', label: say(words.named) },
        ]}
      >
        <div class="inset">
          <Ticks name="people" offer={people} chosen={form.people} />
        </div>
      </Radios>
      <Input
        name="note"
        label={say(words.note)}
        hint={say(words.noteHint)}
        value={form.note}
        errors={errors}
        maxLength={300}
      />
    </FormPage>
  );
}
