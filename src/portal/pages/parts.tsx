/** The few pieces that pages are made of: forms with their errors, notices, states, times. */
import type { ComponentChildren, JSX } from 'preact';
import type { Language } from '../../core/model.ts';
import { instant, rfc3339 } from '../formats.ts';
import type { Say } from '../language.ts';
import { texts } from '../texts.ts';

/** Messages by the name of the field they belong to. */
export type FieldErrors = ReadonlyMap<string, string>;

export function Csrf({ token }: { readonly token: string }): JSX.Element {
  return <input type="hidden" name="csrf" value={token} />;
}

export function Hidden({ values }: { readonly values: Readonly<Record<string, string>> }): JSX.Element {
  return (
    <>
      {Object.entries(values).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

/** Lists all errors on top of a form, each a link to its field. */
export function ErrorSummary({
  errors,
  say,
}: {
  readonly errors: FieldErrors;
  readonly say: Say;
}): JSX.Element | null {
  if (errors.size === 0) return null;
  return (
    <div class="notice bad" role="alert" tabIndex={-1} id="errors">
      <p class="strong">{say(texts.problems)}</p>
      <ul>
        {[...errors].map(([name, message]) => (
          <li key={name}>
            <a href={`#${name}`}>{message}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

export interface InputProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly errors: FieldErrors;
  readonly type?: 'text' | 'number' | 'date' | 'datetime-local';
  readonly maxLength?: number;
  readonly min?: string | number;
  readonly max?: string | number;
  readonly long?: boolean;
  /** The keyboard starts here; once a page at most. */
  readonly first?: boolean;
}

/** On the one thing of a page that is used first, so that nobody has to go there. */
export const firstField = { autofocus: true } as const;

export function Input(props: InputProps): JSX.Element {
  const { name, label, hint, value, errors } = props;
  const error = errors.get(name);
  const described = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`]
    .filter((id) => id !== '')
    .join(' ');
  const shared = {
    id: name,
    name,
    ...(props.maxLength === undefined ? {} : { maxLength: props.maxLength }),
    ...(described === '' ? {} : { 'aria-describedby': described }),
    ...(error === undefined ? {} : { 'aria-invalid': 'true' as const }),
    autocomplete: 'off',
    ...(props.first === true ? firstField : {}),
  };
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error" id={`${name}-error`}>
          {error}
        </p>
      )}
      {props.long === true ? (
        <textarea {...shared} rows={3}>
          {value}
        </textarea>
      ) : (
        <TypedInput type={props.type ?? 'text'} attributes={{ ...shared, ...bounds(props), value }} />
      )}
    </div>
  );
}

/** One branch per type, because each type of input has its own attributes. */
function TypedInput(props: {
  readonly type: 'text' | 'number' | 'date' | 'datetime-local';
  readonly attributes: object;
}): JSX.Element {
  switch (props.type) {
    case 'text':
      return <input type="text" {...props.attributes} />;
    case 'number':
      return <input type="number" {...props.attributes} />;
    case 'date':
      return <input type="date" {...props.attributes} />;
    case 'datetime-local':
      return <input type="datetime-local" {...props.attributes} />;
  }
}

function bounds({ min, max }: InputProps): { min?: string | number; max?: string | number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** A group of boxes or buttons under one legend, with its error. */
export function Group(props: {
  readonly name: string;
  readonly legend: string;
  readonly errors: FieldErrors;
  readonly children: ComponentChildren;
}): JSX.Element {
  const error = props.errors.get(props.name);
  return (
    <fieldset
      id={props.name}
      tabIndex={-1}
      aria-describedby={error === undefined ? undefined : `${props.name}-error`}
    >
      <legend>{props.legend}</legend>
      {error !== undefined && (
        <p class="error" id={`${props.name}-error`}>
          {error}
        </p>
      )}
      {props.children}
    </fieldset>
  );
}

export function Notice(props: {
  readonly kind: 'good' | 'bad' | 'calm';
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`notice ${props.kind}`} role={props.kind === 'bad' ? 'alert' : 'status'}>
      {props.children}
    </div>
  );
}

/** A state in words; the colour only repeats it. */
export function State(props: {
  readonly kind: 'good' | 'bad' | 'calm';
  readonly children: ComponentChildren;
}): JSX.Element {
  return <span class={`state ${props.kind}`}>{props.children}</span>;
}

export function Time(props: {
  readonly at: number;
  readonly zone: string;
  readonly language: Language;
}): JSX.Element {
  return <time dateTime={rfc3339(props.at)}>{instant(props.at, props.zone, props.language)}</time>;
}

const roles = {
  table: 'table',
  rowgroup: 'rowgroup',
  row: 'row',
  columnheader: 'columnheader',
  cell: 'cell',
} as const;

/**
 * A table whose rows become cards on narrow screens: each cell repeats its header for them. The roles are said aloud
 * because browsers forget them when the layout is no longer that of a table. A `null` cell says that there is nothing;
 * without rows only `none` is said.
 */
export function Table(props: {
  readonly caption: string;
  readonly headers: readonly string[];
  readonly none?: string;
  readonly rows: readonly {
    readonly key: string;
    readonly cells: readonly ComponentChildren[];
    readonly kind?: string;
  }[];
}): JSX.Element {
  if (props.rows.length === 0 && props.none !== undefined) return <p class="empty">{props.none}</p>;
  return (
    <table class="cards" role={roles.table}>
      <caption class="unseen">{props.caption}</caption>
      <thead role={roles.rowgroup}>
        <tr role={roles.row}>
          {props.headers.map((header) => (
            <th key={header} scope="col" role={roles.columnheader}>
              {header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role={roles.rowgroup}>
        {props.rows.map((row) => (
          <tr key={row.key} class={row.kind} role={roles.row}>
            {row.cells.map((cell, index) => (
              <td
                key={props.headers[index] ?? index}
                role={roles.cell}
                class={cell === null ? 'nothing' : ''}
                data-label={props.headers[index] ?? ''}
              >
                {cell ?? '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
