/** Choices in a form: one of several, or any of them. */
import type { ComponentChildren, JSX } from 'preact';
import { type FieldErrors, Group } from './parts.tsx';

export interface Offered {
  readonly id: string;
  readonly label: string;
  readonly about?: string;
}

interface ChoiceProps {
  readonly name: string;
  readonly legend: string;
  readonly hint?: string;
  readonly errors: FieldErrors;
  readonly offer: readonly Offered[];
}

/** One of several, under one legend; undefined: none is chosen yet. */
export function Radios(
  props: ChoiceProps & { readonly chosen: string | undefined; readonly children?: ComponentChildren },
): JSX.Element {
  const { name, offer, chosen } = props;
  return (
    <Group name={name} legend={props.legend} errors={props.errors}>
      {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      {offer.map((one) => (
        <Choice key={one.id} type="radio" name={name} one={one} checked={one.id === chosen} />
      ))}
      {props.children}
    </Group>
  );
}

/** Any of several, under one legend. */
export function Boxes(props: ChoiceProps & { readonly chosen: readonly string[] }): JSX.Element {
  const { name, offer, chosen } = props;
  return (
    <Group name={name} legend={props.legend} errors={props.errors}>
      {props.hint !== undefined && <p class="hint">{props.hint}</p>}
      <Ticks name={name} offer={offer} chosen={chosen} />
    </Group>
  );
}

/** Any of several, where the legend stands elsewhere. */
export function Ticks(props: {
  readonly name: string;
  readonly offer: readonly Offered[];
  readonly chosen: readonly string[];
}): JSX.Element {
  const { name, offer, chosen } = props;
  return (
    <>
      {offer.map((one) => (
        <Choice key={one.id} type="checkbox" name={name} one={one} checked={chosen.includes(one.id)} />
      ))}
    </>
  );
}

function Choice(props: {
  readonly type: 'radio' | 'checkbox';
  readonly name: string;
  readonly one: Offered;
  readonly checked: boolean;
}): JSX.Element {
  const { type, name, one, checked } = props;
  return (
    <label class="choice">
      <input type={type} name={name} value={one.id} checked={checked} />
      <span>
        {one.label}
        {one.about !== undefined && <span class="hint">{one.about}</span>}
      </span>
    </label>
  );
}
