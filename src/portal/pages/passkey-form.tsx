/** The form of a passkey ceremony: to sign, to enrol, to sign in. */
import type { JSX } from 'preact';
import { texts } from '../texts.ts';
import type { Frame } from './layout.tsx';
import { Csrf } from './parts.tsx';

/** A form that `passkey.js` takes over; without it the button stays off and says why. */
export function PasskeyForm(props: {
  readonly frame: Frame;
  readonly ceremony: 'sign' | 'seat' | 'enrol' | 'enter' | 'recover';
  readonly csrf: string;
  readonly act: string;
  /** Where a text that is signed goes. */
  readonly to?: string;
  readonly children?: JSX.Element | null;
}): JSX.Element {
  const { say } = props.frame;
  return (
    <form
      method="post"
      class="panel stack"
      data-passkey={props.ceremony}
      data-to={props.to}
      data-cancelled={say(texts.controller.seatRefused.passkey)}
    >
      <Csrf token={props.csrf} />
      {props.children}
      <p class="notice bad" role="alert" data-message hidden />
      <p class="quiet" data-needs-script>
        {say(texts.controller.needsScript)}
      </p>
      <button type="submit" disabled>
        {props.act}
      </button>
    </form>
  );
}
