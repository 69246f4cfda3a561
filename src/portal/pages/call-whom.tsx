/** Whom to call when nobody of a client answers and it cannot wait. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';

/** `named`: by the client; otherwise whoever at the provider knows the client. */
export interface Contacts {
  readonly named: boolean;
  readonly people: readonly string[];
}

export function CallWhom(props: { readonly frame: Frame; readonly callWhom: Contacts }): JSX.Element {
  const { frame, callWhom } = props;
  return (
    <>
      <p>{frame.say(callWhom.named ? texts.technician.callWhom : texts.emergencies.noContacts)}</p>
      <ul>
        {callWhom.people.map((contact) => (
          <li key={contact}>{contact}</li>
        ))}
      </ul>
    </>
  );
}
